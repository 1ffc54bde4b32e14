package dev.pando.engine;

import dev.pando.collection.Fingerprint;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the documents of one collection add up to: fingerprint and number of live rows. Kept along by the writer; when
 * what was there before is not known, the changes are added up until a count of a snapshot joins them.
 */
final class CollectionTotals {

    private static final int ENCODED_BYTES = Fingerprint.BYTES + Long.BYTES;

    private Fingerprint sum = new Fingerprint();
    private long live;
    private boolean known;

    /** The collection is empty: from now on everything is known. */
    synchronized void startEmpty() {
        known = true;
    }

    /** A document changed. Leaves are those of {@link Fingerprint#leafOf}. */
    synchronized void replace(
            byte @Nullable [] leafBefore, boolean liveBefore, byte @Nullable [] leafAfter, boolean liveAfter) {
        if (leafBefore != null) {
            sum.remove(leafBefore);
        }
        if (leafAfter != null) {
            sum.add(leafAfter);
        }
        live += (liveAfter ? 1 : 0) - (liveBefore ? 1 : 0);
    }

    /** Begins a count of the documents as they are now: on the writer, between groups. */
    synchronized void beginCount() {
        if (!known) {
            sum = new Fingerprint();
            live = 0;
        }
    }

    /** Ends the count that {@link #beginCount} began. */
    synchronized void endCount(Fingerprint counted, long liveCounted) {
        if (!known) {
            sum.add(counted);
            live += liveCounted;
            known = true;
        }
    }

    synchronized boolean known() {
        return known;
    }

    /** The fingerprint as the writer left it; empty when it is not known. */
    synchronized Optional<Fingerprint> fingerprint() {
        return known ? Optional.of(Fingerprint.decode(sum.encode())) : Optional.empty();
    }

    /** Live rows; −1 when not known. */
    synchronized long live() {
        return known ? live : -1;
    }

    synchronized byte[] encode() {
        return ByteBuffer.allocate(ENCODED_BYTES)
                .put(sum.encode())
                .putLong(live)
                .array();
    }

    synchronized void restore(byte[] encoded) {
        var in = ByteBuffer.wrap(encoded);
        byte[] fingerprint = new byte[Fingerprint.BYTES];
        in.get(fingerprint);
        sum = Fingerprint.decode(fingerprint);
        live = in.getLong();
        known = true;
    }
}
