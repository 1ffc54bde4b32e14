package dev.pando.store;

/**
 * A walk over entries that copies as little as it can: what it shows may stand anywhere in an array, is not to be
 * changed, and is good until the next entry. For one thread.
 */
public interface EntryWalk extends AutoCloseable {

    /** A walk over no entries. */
    EntryWalk NOTHING = new EntryWalk() {
        private final byte[] none = {};

        @Override
        public boolean next() {
            return false;
        }

        @Override
        public byte[] keyBytes() {
            return none;
        }

        @Override
        public int keyFrom() {
            return 0;
        }

        @Override
        public int keyLength() {
            return 0;
        }

        @Override
        public byte[] valueBytes() {
            return none;
        }

        @Override
        public int valueFrom() {
            return 0;
        }

        @Override
        public int valueLength() {
            return 0;
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    };

    /** Moves to the next entry; false at the end. */
    boolean next();

    /** Where the key stands, from {@link #keyFrom} on. */
    byte[] keyBytes();

    int keyFrom();

    int keyLength();

    /** Where the value stands, from {@link #valueFrom} on. */
    byte[] valueBytes();

    int valueFrom();

    int valueLength();

    @Override
    void close();
}
