package dev.pando.dag;

import dev.pando.ColumnType.Family;
import dev.pando.DocumentId;
import dev.pando.ipld.CborReader;
import dev.pando.ipld.CborWriter;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DecodeException;
import dev.pando.ipld.Sha256;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a {@link Delta}: a DAG-CBOR map, so its keys stand in the order
 *
 * <pre>v col doc hlc inc? key? ops live? prev nonce author</pre>
 */
final class DeltaCodec {

    private DeltaCodec() {}

    static byte[] encode(Delta delta) {
        CborWriter out = new CborWriter(512);
        int absent =
                (delta.incarnation() == null ? 1 : 0) + (delta.key() == null ? 1 : 0) + (delta.live() == null ? 1 : 0);
        out.startMap(11 - absent);
        out.writeKey("v");
        out.writeInt(1);
        out.writeKey("col");
        out.writeLink(delta.collection());
        out.writeKey("doc");
        out.writeBytes(delta.document().bytes());
        out.writeKey("hlc");
        out.writeInt(delta.hlc());
        if (delta.incarnation() != null) {
            out.writeKey("inc");
            out.writeLink(delta.incarnation());
        }
        if (delta.key() != null) {
            out.writeKey("key");
            writeKey(out, delta.key());
        }
        out.writeKey("ops");
        out.startMap(delta.ops().size());
        for (Map.Entry<String, FieldOp> entry : delta.ops().entrySet()) {
            out.writeKey(entry.getKey());
            FieldOpCodec.write(out, ColumnId.parse(entry.getKey()), entry.getValue());
        }
        if (delta.live() != null) {
            out.writeKey("live");
            out.writeText(delta.live().text());
        }
        out.writeKey("prev");
        out.startList(delta.prev().size());
        delta.prev().forEach(out::writeLink);
        out.writeKey("nonce");
        out.writeBytes(delta.nonce());
        out.writeKey("author");
        out.writeBytes(delta.author());
        return out.toByteArray();
    }

    static Delta decode(byte[] block) {
        Blocks.checkSize(block);
        CborReader in = new CborReader(block);
        in.readMap();
        Blocks.readVersion(in, block, "a delta");
        in.expectKey("col");
        Cid collection = Cids.dagCbor(in.readLink());
        in.expectKey("doc");
        DocumentId document = DocumentId.of(Blocks.sized(in.readBytes(), DocumentId.BYTES, "doc"));
        in.expectKey("hlc");
        long hlc = Blocks.hlc(in.readInt());
        Cid incarnation = in.tryKey("inc") ? Cids.dagCbor(in.readLink()) : null;
        SortedMap<String, Value> key = in.tryKey("key") ? readKey(in, block) : null;
        in.expectKey("ops");
        SortedMap<String, FieldOp> ops = readOps(in, block, key);
        Live live = in.tryKey("live") ? live(in.readText()) : null;
        in.expectKey("prev");
        List<Cid> prev = readPrev(in);
        in.expectKey("nonce");
        byte[] nonce = Blocks.sized(in.readBytes(), Delta.NONCE_BYTES, "nonce");
        in.expectKey("author");
        byte[] author = Blocks.sized(in.readBytes(), Delta.AUTHOR_BYTES, "author");
        in.endMap();
        in.end();
        Delta delta = new Delta(collection, document, key, prev, incarnation, hlc, author, nonce, live, ops);
        check(delta);
        return delta;
    }

    /** The rules that join the fields of one delta. */
    private static void check(Delta delta) {
        SortedMap<String, Value> key = delta.key();
        require((key != null) == delta.prev().isEmpty(), "the key stands exactly where prev is empty");
        require(
                (delta.incarnation() == null) == (delta.live() == Live.INSERT),
                "an insert, and nothing else, has no inc");
        require(delta.live() == Live.INSERT || !delta.prev().isEmpty(), "the first delta of a document is an insert");
        require(delta.live() != Live.DELETE || delta.ops().isEmpty(), "a delete has no ops");
        require(
                key == null || delta.document().equals(documentId(delta.collection(), key)),
                "doc is not the hash of collection and key");
    }

    static DocumentId documentId(Cid collection, SortedMap<String, Value> key) {
        CborWriter out = new CborWriter(128);
        out.startList(2);
        out.writeLink(collection);
        writeKey(out, key);
        return DocumentId.of(Sha256.digest(out.toByteArray()));
    }

    static DocumentId documentId(Cid collection, String column, Value value) {
        CborWriter out = new CborWriter(128);
        out.startList(2);
        out.writeLink(collection);
        out.startMap(1);
        out.writeKey(column);
        out.writeEncoded(value.encoded());
        return DocumentId.of(Sha256.digest(out.toByteArray()));
    }

    private static void writeKey(CborWriter out, SortedMap<String, Value> key) {
        out.startMap(key.size());
        key.forEach((column, value) -> {
            out.writeKey(column);
            out.writeEncoded(value.encoded());
        });
    }

    private static SortedMap<String, Value> readKey(CborReader in, byte[] block) {
        int entries = in.readMap();
        require(entries > 0, "a key without values");
        String[] columns = new String[entries];
        Value[] values = new Value[entries];
        for (int i = 0; i < entries; i++) {
            columns[i] = in.readKey();
            if (columns[i].isEmpty()) {
                require(entries == 1, "a random key besides others");
                values[i] = Values.read(in, block, Family.UUID, false, false);
            } else {
                ColumnId id = ColumnId.parse(columns[i]);
                require(id.op() == ColumnId.Op.SET, "a key column that does not merge by set");
                values[i] = Values.read(in, block, id.family(), false, false);
            }
        }
        in.endMap();
        return new SortedEntries<>(columns, values);
    }

    private static SortedMap<String, FieldOp> readOps(
            CborReader in, byte[] block, @Nullable SortedMap<String, Value> key) {
        int entries = in.readMap();
        String[] columns = new String[entries];
        FieldOp[] ops = new FieldOp[entries];
        for (int i = 0; i < entries; i++) {
            columns[i] = in.readKey();
            require(key == null || !key.containsKey(columns[i]), "an op on a key column");
            ops[i] = FieldOpCodec.read(in, block, ColumnId.parse(columns[i]));
        }
        in.endMap();
        return new SortedEntries<>(columns, ops);
    }

    private static List<Cid> readPrev(CborReader in) {
        int count = in.readList();
        require(count <= Delta.PREV_MAX, "more than " + Delta.PREV_MAX + " in prev");
        List<Cid> prev = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Cid cid = Cids.dagCbor(in.readLink());
            require(i == 0 || prev.get(i - 1).compareTo(cid) < 0, "prev does not ascend");
            prev.add(cid);
        }
        return Collections.unmodifiableList(prev);
    }

    private static Live live(String text) {
        for (Live live : Live.values()) {
            if (live.text().equals(text)) {
                return live;
            }
        }
        throw new DecodeException("live is neither insert nor delete");
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new DecodeException("invalid delta: " + otherwise);
        }
    }
}
