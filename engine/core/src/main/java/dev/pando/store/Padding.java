package dev.pando.store;

import dev.pando.ipld.Block;
import dev.pando.ipld.CarWriter;
import dev.pando.ipld.Cid;
import dev.pando.ipld.Varint;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * What stands in a segment behind its last transaction: space that the file has been given ahead of need, because a
 * force is twice as fast when it does not change the file's size.
 *
 * <p>The space is filled with valid CAR frames, raw blocks of zeros with their hashes, so any CAR reader walks a segment
 * to its end even while it is written. A whole one fills a page; the first one reaches from the last transaction to a
 * page's end. They belong to no transaction, as no marker follows them.
 *
 * <pre>
 *        … marker | length, CID, zeros (to the page's end) | length, CID, zeros (4,058) | … | end of file
 * </pre>
 */
final class Padding {

    static final int PAGE_BYTES = 4_096;

    /** A frame around an empty block. */
    private static final int FRAME_BYTES_MIN = 1 + Cid.SHA256_BYTES;

    /** No frame has this size: its length would take one byte or two, and either way it comes out different. */
    private static final int FRAME_BYTES_NEVER = 129;

    private static final byte[] PAGE = frame(PAGE_BYTES);

    private static final Block PAGE_BLOCK = Block.of(Cid.RAW, new byte[zeros(PAGE_BYTES)]);

    /** Written at a time. */
    private static final int PAGES_MAX = 16;

    private static final byte[] PAGES = new byte[PAGES_MAX * PAGE_BYTES];

    static {
        for (int i = 0; i < PAGES_MAX; i++) {
            System.arraycopy(PAGE, 0, PAGES, i * PAGE_BYTES, PAGE_BYTES);
        }
    }

    /** First bytes of frames by size, made when first needed; the rest of each is zeros. */
    private static final AtomicReferenceArray<byte[]> HEADS =
            new AtomicReferenceArray<>(PAGE_BYTES + FRAME_BYTES_NEVER + 1);

    private static final byte[] ZEROS = new byte[PAGE_BYTES];

    private Padding() {}

    /** Bytes from {@code offset} to where the next whole page of padding can begin. */
    static int bridgeBytes(long offset) {
        int gap = (int) (PAGE_BYTES - (offset & (PAGE_BYTES - 1)));
        if (gap == PAGE_BYTES) {
            return 0;
        }
        return gap < FRAME_BYTES_MIN || gap == FRAME_BYTES_NEVER ? gap + PAGE_BYTES : gap;
    }

    /** Writes a frame of exactly {@code bytes}, as {@link #bridgeBytes} gave them; nothing for 0. */
    static void writeBridge(ByteBuffer out, int bytes) {
        if (bytes == 0) {
            return;
        }
        byte[] head = head(bytes);
        out.put(head);
        for (int left = bytes - head.length; left > 0; ) {
            int length = Math.min(left, ZEROS.length);
            out.put(ZEROS, 0, length);
            left -= length;
        }
    }

    /** Whole pages, {@code count} of them or fewer. */
    static ByteBuffer pages(int count) {
        return ByteBuffer.wrap(PAGES, 0, Math.min(count, PAGES_MAX) * PAGE_BYTES)
                .asReadOnlyBuffer();
    }

    /** The byte at {@code offset} of a segment where nothing but padding was ever written. */
    static byte pristine(long offset) {
        return PAGE[(int) (offset & (PAGE_BYTES - 1))];
    }

    /** Whether a block is a whole page of padding, as most are: it has its hash, and need not be hashed to know that. */
    static boolean isPage(Block block) {
        byte[] data = block.bytes();
        return data.length == PAGE_BLOCK.bytes().length
                && Arrays.equals(data, PAGE_BLOCK.bytes())
                && block.cid().equals(PAGE_BLOCK.cid());
    }

    /** Whether a block is one that padding consists of. */
    static boolean isPadding(Cid cid, byte[] data) {
        if (cid.codec() != Cid.RAW) {
            return false;
        }
        for (byte b : data) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    private static byte[] head(int frameBytes) {
        int slot = frameBytes < HEADS.length() ? frameBytes : -1;
        byte[] head = slot < 0 ? null : HEADS.get(slot);
        if (head == null) {
            byte[] frame = frame(frameBytes);
            head = Arrays.copyOf(frame, frame.length - zeros(frameBytes));
            if (slot >= 0) {
                HEADS.set(slot, head);
            }
        }
        return head;
    }

    private static int zeros(int frameBytes) {
        int body = frameBytes - 1;
        return body - (Varint.size(body) > 1 ? 1 : 0) - Cid.SHA256_BYTES;
    }

    private static byte[] frame(int frameBytes) {
        Block block = Block.of(Cid.RAW, new byte[zeros(frameBytes)]);
        ByteBuffer out = ByteBuffer.allocate(frameBytes);
        CarWriter.writeFrame(out, block.cid(), block.bytes());
        if (out.hasRemaining()) {
            throw new IllegalStateException("no frame has " + frameBytes + " bytes");
        }
        return out.array();
    }
}
