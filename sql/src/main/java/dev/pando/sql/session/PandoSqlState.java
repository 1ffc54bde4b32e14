package dev.pando.sql.session;

import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransactionRollbackException;
import org.jspecify.annotations.Nullable;

/** Every SQLState that Pando gives, and the one place where an exception is made of it. */
public enum PandoSqlState {
    WARNING("01000"),
    NO_SUBCLASS_DATA("02000"),
    PARAMETER_COUNT("07001"),
    RESTRICTED_DATA_TYPE("07006"),
    CONNECTION_FAILED("08001"),
    CONNECTION_CLOSED("08003"),
    CONNECTION_REFUSED("08004"),
    CONNECTION_LOST("08006"),
    PROTOCOL_VIOLATION("08P01"),
    NOT_SUPPORTED("0A000"),
    CARDINALITY("21000"),
    STRING_TOO_LONG("22001"),
    OUT_OF_RANGE("22003"),
    BAD_DATETIME("22007"),
    SUBSTRING("22011"),
    DIVISION_BY_ZERO("22012"),
    BAD_CAST("22018"),
    BAD_REGEX("2201B"),
    BAD_PARAMETER_VALUE("22023"),
    DATA_EXCEPTION("22000"),
    CONSTRAINT("23000"),
    NOT_NULL("23502"),
    FOREIGN_KEY("23503"),
    UNIQUE("23505"),
    CHECK("23514"),
    TRANSACTION_STATE("25000"),
    ACTIVE_TRANSACTION("25001"),
    READ_ONLY("25006"),
    BAD_PASSWORD("28P01"),
    BAD_AUTHORIZATION("28000"),
    DEPENDENT_OBJECTS("2BP01"),
    NO_SAVEPOINT("3B001"),
    NO_SCHEMA("3F000"),
    NO_CATALOG("3D000"),
    SERIALIZATION("40001"),
    SYNTAX("42601"),
    NO_PRIVILEGE("42501"),
    AMBIGUOUS_COLUMN("42702"),
    NO_COLUMN("42S22"),
    DUPLICATE_COLUMN("42S21"),
    WRONG_TYPE("42804"),
    NO_FUNCTION("42883"),
    NO_TABLE("42S02"),
    DUPLICATE_TABLE("42S01"),
    NO_OBJECT("42704"),
    DUPLICATE_OBJECT("42710"),
    DUPLICATE_SCHEMA("42P06"),
    DEFINITION_MISMATCH("42P16"),
    NO_INDEX("42S12"),
    DUPLICATE_INDEX("42S11"),
    INVALID_DEFINITION("42000"),
    OUT_OF_MEMORY("53200"),
    DISK_FULL("53100"),
    TOO_MANY_CONNECTIONS("53300"),
    TOO_LARGE("54000"),
    NOT_IN_STATE("55000"),
    IDLE_TRANSACTION("25P03"),
    CANCELLED("57014"),
    SHUT_DOWN("57P01"),
    IO_ERROR("58030"),
    SNAPSHOT_TOO_OLD("72000"),
    LOCK_TIMEOUT("HYT00"),
    WAIT_TIMEOUT("HYT01"),
    INTERNAL("XX000"),
    CORRUPT("XX001");

    private final String code;

    PandoSqlState(String code) {
        this.code = code;
    }

    /** The five characters. */
    public String code() {
        return code;
    }

    /** The exception for this state, of the class that JDBC names for it. */
    public SQLException exception(String message) {
        return exception(message, null);
    }

    /** The exception for this state, of the class that JDBC names for it. */
    public SQLException exception(String message, @Nullable Throwable cause) {
        return exception(message, code, cause);
    }

    /** The exception for a state given by its code, also one that is not in this table. */
    public static SQLException exception(String message, String code, @Nullable Throwable cause) {
        SQLException e = switch (code.substring(0, 2)) {
            case "08" -> new SQLNonTransientConnectionException(message, code);
            case "0A" -> new SQLFeatureNotSupportedException(message, code);
            case "23" -> new SQLIntegrityConstraintViolationException(message, code);
            case "28" -> new SQLInvalidAuthorizationSpecException(message, code);
            case "40" -> new SQLTransactionRollbackException(message, code);
            case "42" -> new SQLSyntaxErrorException(message, code);
            case "57" ->
                code.equals("57014")
                        ? new SQLTimeoutException(message, code)
                        : new SQLNonTransientConnectionException(message, code);
            case "HY" -> new SQLTimeoutException(message, code);
            default -> new SQLException(message, code);
        };
        if (cause != null) {
            e.initCause(cause);
        }
        return e;
    }
}
