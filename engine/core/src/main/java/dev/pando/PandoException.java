package dev.pando;

import org.jspecify.annotations.Nullable;

/** What the world, or the caller's data, did wrong. The message says what was wrong and what was expected. */
public class PandoException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Kind kind;

    public PandoException(Kind kind, String message) {
        this(kind, message, null);
    }

    public PandoException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    /** The SQLState of {@link #kind()}. */
    public String sqlState() {
        return kind.sqlState();
    }

    /** The kinds of failure, each with the SQLState that SQL users see: the one table of them. */
    public enum Kind {
        /** A value cannot be converted to what is asked of it. */
        INVALID_VALUE("22018"),
        /** A number outside its column's type. */
        NUMERIC_OUT_OF_RANGE("22003"),
        /** A string or binary longer than its column. */
        VALUE_TOO_LONG("22001"),
        /** A malformed argument: address, Peer ID, document id, option. */
        INVALID_ARGUMENT("22023"),
        NOT_NULL_VIOLATION("23502"),
        FOREIGN_KEY_VIOLATION("23503"),
        DUPLICATE_KEY("23505"),
        CHECK_VIOLATION("23514"),
        /** No transaction, or one that has ended. */
        INVALID_TRANSACTION_STATE("25000"),
        READ_ONLY_TRANSACTION("25006"),
        /** A REPEATABLE READ transaction met a row changed since its snapshot. */
        SERIALIZATION_FAILURE("40001"),
        DEADLOCK("40001"),
        LOCK_TIMEOUT("HYT00"),
        /** A wait for the network or a peer ended without its condition. */
        TIMEOUT("HYT01"),
        UNKNOWN_TABLE("42S02"),
        TABLE_EXISTS("42S01"),
        UNKNOWN_COLUMN("42S22"),
        COLUMN_EXISTS("42S21"),
        UNKNOWN_INDEX("42S12"),
        INDEX_EXISTS("42S11"),
        INVALID_DEFINITION("42000"),
        ACCESS_DENIED("42501"),
        INVALID_CREDENTIALS("28000"),
        NOT_SUPPORTED("0A000"),
        /** Same name, other collection id at a peer, or a definition that does not fit. */
        DEFINITION_MISMATCH("42P16"),
        MEMORY_EXCEEDED("53200"),
        DISK_FULL("53100"),
        TOO_MANY_CONNECTIONS("53300"),
        /** A named limit of the engine was reached: transaction size, block size. */
        LIMIT_EXCEEDED("54000"),
        /** The version a snapshot needs was given up. */
        SNAPSHOT_TOO_OLD("72000"),
        CANCELLED("57014"),
        DIRECTORY_IN_USE("55006"),
        /** The peer could not be reached, or is not who the address says. */
        UNREACHABLE("08001"),
        CLOSED("08003"),
        ADDRESS_IN_USE("08004"),
        PEER_REFUSED("42502"),
        IO_ERROR("58030"),
        /** Stored bytes are not what was written; the message names the place. */
        CORRUPT("XX001"),
        /** A fault of Pando itself. */
        INTERNAL("XX000");

        private final String sqlState;

        Kind(String sqlState) {
            this.sqlState = sqlState;
        }

        public String sqlState() {
            return sqlState;
        }
    }
}
