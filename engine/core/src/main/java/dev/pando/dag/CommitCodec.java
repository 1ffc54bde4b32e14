package dev.pando.dag;

import dev.pando.ipld.CborReader;
import dev.pando.ipld.CborWriter;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DecodeException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

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
        return encode(commit.hlc(), commit.author(), commit.parts(), commit.signature());
    }

    static byte[] signedBytes(long hlc, byte[] author, SortedMap<Cid, Part> parts) {
        byte[] unsigned = encode(hlc, author, parts, null);
        byte[] message = new byte[DOMAIN.length + unsigned.length];
        System.arraycopy(DOMAIN, 0, message, 0, DOMAIN.length);
        System.arraycopy(unsigned, 0, message, DOMAIN.length, unsigned.length);
        return message;
    }

    private static byte[] encode(long hlc, byte[] author, SortedMap<Cid, Part> parts, byte @Nullable [] signature) {
        CborWriter out = new CborWriter(256);
        out.startMap(signature == null ? 4 : 5);
        out.writeKey("v");
        out.writeInt(1);
        out.writeKey("hlc");
        out.writeInt(hlc);
        if (signature != null) {
            out.writeKey("sig");
            out.writeBytes(signature);
        }
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
        return out.toByteArray();
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
