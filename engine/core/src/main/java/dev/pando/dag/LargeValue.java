package dev.pando.dag;

import dev.pando.ColumnType.Family;
import dev.pando.ipld.Block;
import dev.pando.ipld.CborReader;
import dev.pando.ipld.CborWriter;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DecodeException;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A text or byte string too large to stand in its op: its length and links to raw blocks, all full but the last.
 *
 * <pre>[ bytes in all (int), link, link, … ]</pre>
 */
public record LargeValue(int byteSize, List<Cid> chunks) {

    /** Longer values are linked, shorter ones are not: each value has one form. */
    public static final int INLINE_BYTES_MAX = 64 << 10;

    /** Bytes of each raw block but the last. */
    public static final int CHUNK_BYTES = 256 << 10;

    /** A longer value is refused with SQLState 54000. */
    public static final int BYTES_MAX = 4 << 20;

    /** Splits {@code content} and adds its raw blocks to {@code blocks}. */
    public static LargeValue split(byte[] content, List<Block> blocks) {
        List<Cid> chunks = new ArrayList<>();
        for (int at = 0; at < content.length; at += CHUNK_BYTES) {
            Block block =
                    Block.of(Cid.RAW, Arrays.copyOfRange(content, at, Math.min(content.length, at + CHUNK_BYTES)));
            chunks.add(block.cid());
            blocks.add(block);
        }
        return new LargeValue(content.length, List.copyOf(chunks));
    }

    /** The value as it stands in an op. */
    public Value toValue() {
        CborWriter out = new CborWriter(16 + 42 * chunks.size());
        out.startList(1 + chunks.size());
        out.writeInt(byteSize);
        chunks.forEach(out::writeLink);
        return Value.ofEncoded(out.toByteArray());
    }

    /** Whether {@code value} of a column of text, JSON or bytes is linked. */
    public static boolean isLarge(Value value) {
        return (value.encoded()[0] & 0xe0) == 0x80;
    }

    /** The linked values that a delta sets. */
    public static List<LargeValue> linkedBy(Delta delta) {
        List<LargeValue> linked = new ArrayList<>();
        delta.ops().forEach((column, op) -> {
            if (op instanceof FieldOp.SetValue set && isLarge(set.value())) {
                Family family = ColumnId.parse(column).family();
                if (family == Family.TEXT || family == Family.JSON || family == Family.BYTES) {
                    linked.add(of(set.value()));
                }
            }
        });
        return linked;
    }

    /** Reads what {@link #toValue} wrote. */
    public static LargeValue of(Value value) {
        return read(new CborReader(value.encoded()));
    }

    static LargeValue read(CborReader in) {
        int items = in.readList();
        long bytes = items == 0 ? -1 : in.readInt();
        if (bytes <= INLINE_BYTES_MAX || bytes > BYTES_MAX) {
            throw new DecodeException("a linked value of " + bytes + " bytes");
        }
        int expected = (int) ((bytes + CHUNK_BYTES - 1) / CHUNK_BYTES);
        if (items != 1 + expected) {
            throw new DecodeException(
                    "a linked value of " + bytes + " bytes with " + (items - 1) + " links, expected " + expected);
        }
        List<Cid> chunks = new ArrayList<>(expected);
        for (int i = 0; i < expected; i++) {
            chunks.add(Cids.raw(in.readLink()));
        }
        return new LargeValue((int) bytes, List.copyOf(chunks));
    }

    /** Bytes that the chunk of this index must have. */
    public int chunkBytes(int index) {
        return Math.min(CHUNK_BYTES, byteSize - index * CHUNK_BYTES);
    }

    /** Puts the content together from its raw blocks. */
    public byte[] join(BlockSource source) {
        ByteArrayOutputStream content = new ByteArrayOutputStream(byteSize);
        for (Cid chunk : chunks) {
            content.writeBytes(source.require(chunk));
        }
        return content.toByteArray();
    }
}
