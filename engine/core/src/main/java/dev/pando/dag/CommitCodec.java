package dev.pando.dag;

import dev.pando.ipld.CborReader;
import dev.pando.ipld.CborWriter;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DecodeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The bytes of {@link Commit} and {@link ListBlock}; keys in the order of DAG-CBOR:
 *
 * <pre>
 * commit  v hlc sig parts author      sig is left out of what is signed
 * part    root count
 * list    v links
 * </pre>
 */
final class CommitCodec {

    /** The same key signs handshakes and peer records: a signature of one must not pass for another. */
    private static final byte[] DOMAIN = "pando-commit-1:".getBytes(StandardCharsets.US_ASCII);

    private CommitCodec() {}

    static byte[] encode(Commit commit) {
        return Unsigned.of(commit.hlc(), commit.author(), commit.parts()).with(commit.signature());
    }

    /**
     * A commit that lacks its signature.
     *
     * @param signatureAt where in the bytes that belongs
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Unsigned(byte[] bytes, int signatureAt) {

        private static final byte[] MAP_OF_FIVE = {(byte) 0xa5};

        /** The key, and the head of 64 bytes. */
        private static final byte[] SIGNATURE_HEAD = {0x63, 's', 'i', 'g', 0x58, Commit.SIGNATURE_BYTES};

        static Unsigned of(long hlc, byte[] author, SortedMap<Cid, Part> parts) {
            CborWriter out = new CborWriter(256);
            int signatureAt = encode(out, hlc, author, parts);
            return new Unsigned(out.toByteArray(), signatureAt);
        }

        /** What is signed. */
        byte[] message() {
            byte[] message = Arrays.copyOf(DOMAIN, DOMAIN.length + bytes.length);
            System.arraycopy(bytes, 0, message, DOMAIN.length, bytes.length);
            return message;
        }

        /** The bytes of the commit with this signature. */
        byte[] with(byte[] signature) {
            if (signature.length != Commit.SIGNATURE_BYTES) {
                throw new IllegalArgumentException("a signature of " + signature.length + " bytes");
            }
            return ByteBuffer.allocate(bytes.length + SIGNATURE_HEAD.length + signature.length)
                    .put(MAP_OF_FIVE)
                    .put(bytes, MAP_OF_FIVE.length, signatureAt - MAP_OF_FIVE.length)
                    .put(SIGNATURE_HEAD)
                    .put(signature)
                    .put(bytes, signatureAt, bytes.length - signatureAt)
                    .array();
        }
    }

    /** Returns where the signature belongs, which is left out. */
    private static int encode(CborWriter out, long hlc, byte[] author, SortedMap<Cid, Part> parts) {
        out.startMap(4);
        out.writeKey("v");
        out.writeInt(1);
        out.writeKey("hlc");
        out.writeInt(hlc);
        int signatureAt = out.size();
        out.writeKey("parts");
        out.startMap(parts.size());
        // Keys stand in the order of their text: base32 has digits for its highest values, so CIDs sort otherwise.
        SortedMap<String, Part> byText = new TreeMap<>();
        parts.forEach((collection, part) -> byText.put(collection.toString(), part));
        byText.forEach((collection, part) -> {
            out.writeKey(collection);
            out.startMap(2);
            out.writeKey("root");
            out.writeLink(part.root());
            out.writeKey("count");
            out.writeInt(part.count());
        });
        out.writeKey("author");
        out.writeBytes(author);
        return signatureAt;
    }

    static Commit decode(byte[] block) {
        Blocks.checkSize(block);
        CborReader in = new CborReader(block);
        in.readMap();
        Blocks.readVersion(in, block, "a commit");
        in.expectKey("hlc");
        long hlc = Blocks.hlc(in.readInt());
        in.expectKey("sig");
        byte[] signature = Blocks.sized(in.readBytes(), Commit.SIGNATURE_BYTES, "sig");
        in.expectKey("parts");
        SortedMap<Cid, Part> parts = readParts(in);
        in.expectKey("author");
        byte[] author = Blocks.sized(in.readBytes(), Delta.AUTHOR_BYTES, "author");
        in.endMap();
        in.end();
        return new Commit(hlc, author, parts, signature);
    }

    private static SortedMap<Cid, Part> readParts(CborReader in) {
        int entries = in.readMap();
        SortedMap<Cid, Part> parts = new TreeMap<>();
        long documents = 0;
        for (int i = 0; i < entries; i++) {
            String text = in.readKey();
            Cid collection = Cids.dagCbor(Cid.parse(text));
            require(collection.toString().equals(text), "a part whose key is not the base32 of its collection id");
            in.readMap();
            in.expectKey("root");
            Cid root = Cids.dagCbor(in.readLink());
            in.expectKey("count");
            long count = in.readInt();
            in.endMap();
            require(count >= 1 && count <= Commit.DOCUMENTS_MAX, "a part of " + count + " documents");
            documents += count;
            parts.put(collection, new Part((int) count, root));
        }
        in.endMap();
        require(documents >= 1 && documents <= Commit.DOCUMENTS_MAX, documents + " documents");
        return Collections.unmodifiableSortedMap(parts);
    }

    static byte[] encodeList(ListBlock list) {
        CborWriter out = new CborWriter(16 + 42 * list.links().size());
        out.startMap(2);
        out.writeKey("v");
        out.writeInt(1);
        out.writeKey("links");
        out.startList(list.links().size());
        list.links().forEach(out::writeLink);
        return out.toByteArray();
    }

    static ListBlock decodeList(byte[] block) {
        Blocks.checkSize(block);
        CborReader in = new CborReader(block);
        in.readMap();
        Blocks.readVersion(in, block, "a list");
        in.expectKey("links");
        int count = in.readList();
        require(count >= 1 && count <= ListBlock.LINKS_MAX, "a list of " + count);
        List<Cid> links = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            links.add(Cids.dagCbor(in.readLink()));
        }
        in.endMap();
        in.end();
        return new ListBlock(Collections.unmodifiableList(links));
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new DecodeException("invalid commit: " + otherwise);
        }
    }
}
