package dev.pando.store;

import dev.pando.ipld.Cid;
import java.nio.ByteBuffer;
import java.util.BitSet;

/** A set of CIDs in 8 MiB, however many: it may hold for a member what is none, never the other way. For one thread. */
final class CidFilter {

    /** A million members make one in a thousand others look like one, ten million one in fourteen. */
    private static final int BITS = 1 << 26;

    private static final int DIGEST_BYTES = 32;

    private final BitSet bits = new BitSet(BITS);

    void add(Cid cid) {
        bits.set(first(cid));
        bits.set(second(cid));
    }

    boolean mayContain(Cid cid) {
        return bits.get(first(cid)) && bits.get(second(cid));
    }

    private static int first(Cid cid) {
        return digest(cid, 0);
    }

    private static int second(Cid cid) {
        return digest(cid, Integer.BYTES);
    }

    /* The digest comes last, and its bits are as good as random. */
    private static int digest(Cid cid, int offset) {
        byte[] bytes = cid.toBytes();
        return ByteBuffer.wrap(bytes).getInt(bytes.length - DIGEST_BYTES + offset) & (BITS - 1);
    }
}
