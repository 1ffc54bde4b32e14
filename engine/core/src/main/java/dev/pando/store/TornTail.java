package dev.pando.store;

import dev.pando.ipld.CborReader;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DecodeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Judges damage in the last segment: a write that a crash tore, which nobody was told of and which is cut off; or a
 * transaction that was durable and has been damaged since, which must never be dropped silently.
 *
 * <p>A crash may keep any of the writes since the last force and lose others, by sectors or from some byte on. Where a
 * write was lost the file still shows what stood there before, and that is known: behind the last force there was
 * {@link Padding}, or the end of the file, or zeros where the file was made longer. So:
 *
 * <ol>
 *   <li>A valid marker behind the damage that calls the damaged transaction durable: damaged since.
 *   <li>Otherwise, no trace of a marker behind: the transaction never came to its end. Torn.
 *   <li>The beginning of one marker only, in a frame that by its length goes on behind the end of the file: torn. The write
 *       stopped there; had the length been damaged, the marker would be whole.
 *   <li>A marker, or what was one, behind the damage, and between them a sector (or a tail) that looks as if never
 *       written: torn. The transaction was not durable when its successor was written, or has no successor.
 *   <li>All sectors were written and one does not have its hash: damaged since.
 * </ol>
 *
 * Markers are searched for by their segment's tag, which no block from outside can contain.
 */
final class TornTail {

    static final int SECTOR_BYTES = 512;

    /** Behind the sequence in a marker: the key "tag" and the head of its 16 bytes. */
    private static final byte[] TAG_KEY = {0x63, 't', 'a', 'g', 0x50};

    /** In front of the sequence in a marker: a map of eight, "v": 1, the key "seq". */
    private static final byte[] MARKER_START = {(byte) 0xa8, 0x61, 'v', 0x01, 0x63, 's', 'e', 'q'};

    private static final int[] SEQUENCE_BYTES = {1, 2, 3, 5, 9};
    private static final int MARKER_BYTES_MAX = 160;
    private static final int BUFFER_BYTES = 256 << 10;
    private static final byte[] ZEROS = new byte[Padding.PAGE_BYTES];

    private final DiskFile file;
    private final byte[] anchor;
    private final long damageAt;
    private final long size;
    private final long sequence;

    /** The padding that began at the damage, if the transaction before it was the last one forced. */
    private final byte[] bridgeBefore;

    /** End of the last trace of a marker; 0 when there is none. */
    private long lastTraceEnd;

    private int traces;

    /** Whether a trace reaches from the first byte of a marker to the last. */
    private boolean wholeTrace;

    private boolean calledDurable;

    /**
     * @param tag of the segment
     * @param damageAt offset behind the last good transaction
     * @param sequence of the damaged transaction
     */
    TornTail(DiskFile file, byte[] tag, long damageAt, long sequence) throws IOException {
        this.file = file;
        this.anchor = Arrays.copyOf(TAG_KEY, TAG_KEY.length + tag.length);
        System.arraycopy(tag, 0, anchor, TAG_KEY.length, tag.length);
        this.damageAt = damageAt;
        this.size = file.size();
        this.sequence = sequence;
        ByteBuffer bridge = ByteBuffer.allocate(Padding.bridgeBytes(damageAt));
        Padding.writeBridge(bridge, bridge.capacity());
        this.bridgeBefore = bridge.array();
    }

    /** Whether everything from the damage on may be cut off. */
    boolean isTorn() throws IOException {
        searchMarkers();
        if (calledDurable) {
            return false;
        }
        FrameReader walk = new FrameReader(file, damageAt, size);
        boolean isFrame = walk.next();
        boolean isBridge = isFrame && walk.position() - damageAt == bridgeBefore.length;
        if (isBridge && Padding.isPadding(walk.cid(), walk.data())) {
            return true; // Where the transaction should begin, nothing was written.
        }
        while (isFrame && walk.block().matches()) {
            isFrame = walk.next();
        }
        if (isFrame && walk.cid().codec() == Codecs.MARKER) {
            lastTraceEnd = Math.max(lastTraceEnd, walk.position());
        }
        if (!isFrame && walk.isCutOff() && traces <= 1 && !wholeTrace) {
            return true;
        }
        long badAt = walk.frameOffset();
        return lastTraceEnd == 0 || looksUnwritten(Math.min(badAt, lastTraceEnd), lastTraceEnd);
    }

    /** Whether between two offsets there is a sector, or from some byte on everything, that was never written. */
    private boolean looksUnwritten(long from, long to) throws IOException {
        for (long at = from; at < to; ) {
            long sectorEnd = (at / SECTOR_BYTES + 1) * SECTOR_BYTES;
            if (isPristine(at, Math.min(sectorEnd, size))) {
                return true;
            }
            at = sectorEnd;
        }
        return to >= size ? to > size : isPristine(to - 1, Math.min(size, (to / SECTOR_BYTES + 1) * SECTOR_BYTES));
    }

    private boolean isPristine(long from, long to) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) (to - from));
        file.read(from, bytes);
        boolean zeros = true;
        boolean padding = true;
        boolean bridge = true;
        for (int i = 0; i < bytes.position(); i++) {
            byte b = bytes.get(i);
            long fromDamage = from + i - damageAt;
            zeros &= b == 0;
            padding &= b == Padding.pristine(from + i);
            bridge &= fromDamage < bridgeBefore.length && b == bridgeBefore[(int) fromDamage];
        }
        return zeros || padding || bridge;
    }

    private void searchMarkers() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(BUFFER_BYTES, size - damageAt));
        for (long at = damageAt; at < size; ) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), size - at));
            int read = file.read(at, buffer);
            byte[] bytes = buffer.array();
            for (int i = 0; i + anchor.length <= read; i++) {
                i += zeros(bytes, i, read);
                if (i + anchor.length <= read
                        && bytes[i] == anchor[0]
                        && Arrays.equals(bytes, i, i + anchor.length, anchor, 0, anchor.length)) {
                    found(at + i);
                }
            }
            if (at + read >= size) {
                break;
            }
            at += read - anchor.length + 1;
        }
    }

    /** How many zeros stand at a place, as they do in most of the padding; not all of a very long run. */
    private static int zeros(byte[] bytes, int from, int to) {
        if (bytes[from] != 0) {
            return 0;
        }
        int length = Math.min(to - from, ZEROS.length);
        int other = Arrays.mismatch(bytes, from, from + length, ZEROS, 0, length);
        return other < 0 ? length : other;
    }

    /** Looks at the trace of a marker whose key "tag" stands at an offset. */
    private void found(long tagAt) throws IOException {
        traces++;
        lastTraceEnd = Math.max(lastTraceEnd, Math.min(size, tagAt + anchor.length));
        for (int sequenceBytes : SEQUENCE_BYTES) {
            long start = tagAt - sequenceBytes - MARKER_START.length;
            Marker marker = start < damageAt + Marker.CID_BYTES ? null : validMarker(start);
            if (marker != null) {
                calledDurable |= marker.durable() >= sequence;
            }
        }
    }

    /** The marker whose content begins at {@code start} and has the hash that stands before it. */
    private @Nullable Marker validMarker(long start) throws IOException {
        int length = (int) Math.min(MARKER_BYTES_MAX, size - start);
        ByteBuffer bytes = ByteBuffer.allocate(Marker.CID_BYTES + length);
        file.read(start - Marker.CID_BYTES, bytes);
        byte[] array = bytes.array();
        int at = Marker.CID_BYTES;
        if (!Arrays.equals(array, at, at + MARKER_START.length, MARKER_START, 0, MARKER_START.length)) {
            return null;
        }
        try {
            Cid cid = Cid.fromBytes(array, 0, Marker.CID_BYTES);
            CborReader reader = new CborReader(array, at, length);
            reader.skip();
            byte[] content = Arrays.copyOfRange(array, at, at + reader.position());
            lastTraceEnd = Math.max(lastTraceEnd, start + content.length);
            wholeTrace = true;
            return cid.matches(content) ? Marker.decode(content) : null;
        } catch (DecodeException e) {
            return null; // A trace of a marker, but nothing to rely on.
        }
    }
}
