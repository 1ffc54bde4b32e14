package dev.pando.crdt;

/**
 * Short names for the columns of one collection in stored states. A number, once given, never changes its column; a
 * column without one is stored by its id.
 */
public interface ColumnNumbers {

    /** Every column by its id. */
    ColumnNumbers NONE = new ColumnNumbers() {
        @Override
        public int number(String column) {
            return -1;
        }

        @Override
        public String column(int number) {
            throw new IndexOutOfBoundsException(number);
        }

        @Override
        public int count() {
            return 0;
        }
    };

    /** From 0, or −1. */
    int number(String column);

    String column(int number);

    int count();
}
