package dev.pando.jdbc.connection;

import dev.pando.sql.session.SqlType;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Metadata that needs no query: types, versions, what does not exist in Pando. */
abstract class GeneralMetaData extends DatabaseCapabilities {
    static final SqlType TEXT = SqlType.VARCHAR;
    static final SqlType INT = SqlType.INTEGER;
    static final SqlType SHORT = SqlType.SMALLINT;

    final PandoConnection connection;

    GeneralMetaData(PandoConnection connection) {
        this.connection = connection;
    }

    static ResultSet rows(MemoryResult rows) {
        return new PandoResultSet(null, rows, 0);
    }

    static MemoryResult result(Object... labelsAndTypes) {
        return new MemoryResult(MemoryResult.columns(labelsAndTypes));
    }

    @Override
    public ResultSet getCatalogs() {
        return rows(result("TABLE_CAT", TEXT));
    }

    @Override
    public ResultSet getTableTypes() {
        return rows(result("TABLE_TYPE", TEXT).add("SYSTEM TABLE").add("TABLE").add("VIEW"));
    }

    @Override
    public ResultSet getTypeInfo() {
        MemoryResult rows = result(
                "TYPE_NAME",
                TEXT,
                "DATA_TYPE",
                INT,
                "PRECISION",
                INT,
                "LITERAL_PREFIX",
                TEXT,
                "LITERAL_SUFFIX",
                TEXT,
                "CREATE_PARAMS",
                TEXT,
                "NULLABLE",
                SHORT,
                "CASE_SENSITIVE",
                SqlType.BOOLEAN,
                "SEARCHABLE",
                SHORT,
                "UNSIGNED_ATTRIBUTE",
                SqlType.BOOLEAN,
                "FIXED_PREC_SCALE",
                SqlType.BOOLEAN,
                "AUTO_INCREMENT",
                SqlType.BOOLEAN,
                "LOCAL_TYPE_NAME",
                TEXT,
                "MINIMUM_SCALE",
                SHORT,
                "MAXIMUM_SCALE",
                SHORT,
                "SQL_DATA_TYPE",
                INT,
                "SQL_DATETIME_SUB",
                INT,
                "NUM_PREC_RADIX",
                INT);
        Arrays.stream(SqlType.values())
                .filter(type -> type != SqlType.NULL && type != SqlType.OTHER && type != SqlType.INTERVAL)
                .sorted(Comparator.comparingInt(SqlType::jdbcType))
                .forEach(type -> rows.add(
                        type.typeName(),
                        type.jdbcType(),
                        precisionMax(type),
                        literalPrefix(type),
                        literalPrefix(type) == null ? null : "'",
                        createParameters(type),
                        (short) typeNullable,
                        type.javaClass() == String.class,
                        (short) typeSearchable,
                        !SqlTypes.isNumber(type),
                        false,
                        type == SqlType.BIGINT,
                        type.typeName(),
                        (short) 0,
                        (short) (type == SqlType.DECIMAL ? 38 : type.defaultScale()),
                        null,
                        null,
                        10));
        return rows(rows);
    }

    /** Digits, or the characters or bytes that a value may have where its type says no less. */
    static int precisionMax(SqlType type) {
        boolean unbounded = type.defaultPrecision() <= 1 && type != SqlType.BOOLEAN;
        return unbounded ? ToSql.VALUE_MAX : type.defaultPrecision();
    }

    private static @Nullable String literalPrefix(SqlType type) {
        return switch (type) {
            case CHAR, VARCHAR, CLOB -> "'";
            case BINARY, VARBINARY, BLOB -> "X'";
            case DATE -> "DATE '";
            case TIME -> "TIME '";
            case TIMESTAMP -> "TIMESTAMP '";
            default -> null;
        };
    }

    private static @Nullable String createParameters(SqlType type) {
        return switch (type) {
            case DECIMAL -> "precision,scale";
            case CHAR, VARCHAR, BINARY, VARBINARY -> "length";
            case TIME, TIMESTAMP, TIMESTAMP_WITH_TIME_ZONE -> "fractional digits";
            default -> null;
        };
    }

    @Override
    public ResultSet getClientInfoProperties() {
        MemoryResult rows = result("NAME", TEXT, "MAX_LEN", INT, "DEFAULT_VALUE", TEXT, "DESCRIPTION", TEXT);
        for (String name : List.of("ApplicationName", "ClientHostname", "ClientUser")) {
            rows.add(name, 0, "", "kept by the connection");
        }
        return rows(rows);
    }

    @Override
    public Connection getConnection() {
        return connection;
    }

    @Override
    public String getURL() {
        return connection.info().url();
    }

    @Override
    public String getUserName() throws SQLException {
        return connection.session().user().name();
    }

    @Override
    public boolean isReadOnly() throws SQLException {
        return connection.isReadOnly();
    }

    @Override
    public String getDatabaseProductVersion() {
        return connection.info().productVersion();
    }

    @Override
    public String getDriverVersion() {
        return connection.info().driverVersion();
    }

    @Override
    public int getDatabaseMajorVersion() {
        return versionPart(getDatabaseProductVersion(), 0);
    }

    @Override
    public int getDatabaseMinorVersion() {
        return versionPart(getDatabaseProductVersion(), 1);
    }

    @Override
    public int getDriverMajorVersion() {
        return versionPart(getDriverVersion(), 0);
    }

    @Override
    public int getDriverMinorVersion() {
        return versionPart(getDriverVersion(), 1);
    }

    private static int versionPart(String version, int part) {
        String[] parts = version.split("[.-]", -1);
        return parts.length > part && parts[part].matches("\\d{1,9}") ? Integer.parseInt(parts[part]) : 0;
    }

    /** None: always empty. */
    @Override
    public ResultSet getAttributes(
            @Nullable String catalog, @Nullable String schema, @Nullable String name, @Nullable String part) {
        return rows(
                result("TYPE_CAT", TEXT, "TYPE_SCHEM", TEXT, "TYPE_NAME", TEXT, "ATTR_NAME", TEXT, "DATA_TYPE", INT));
    }

    /** None: always empty. */
    @Override
    public ResultSet getSuperTypes(@Nullable String catalog, @Nullable String schema, @Nullable String name) {
        return rows(result(
                "TYPE_CAT",
                TEXT,
                "TYPE_SCHEM",
                TEXT,
                "TYPE_NAME",
                TEXT,
                "SUPERTYPE_CAT",
                TEXT,
                "SUPERTYPE_SCHEM",
                TEXT,
                "SUPERTYPE_NAME",
                TEXT));
    }

    /** None: always empty. */
    @Override
    public ResultSet getSuperTables(@Nullable String catalog, @Nullable String schema, @Nullable String name) {
        return rows(result("TABLE_CAT", TEXT, "TABLE_SCHEM", TEXT, "TABLE_NAME", TEXT, "SUPERTABLE_NAME", TEXT));
    }

    /** None: always empty. */
    @Override
    public ResultSet getUDTs(
            @Nullable String catalog, @Nullable String schema, @Nullable String name, int @Nullable [] part) {
        return rows(result(
                "TYPE_CAT",
                TEXT,
                "TYPE_SCHEM",
                TEXT,
                "TYPE_NAME",
                TEXT,
                "CLASS_NAME",
                TEXT,
                "DATA_TYPE",
                INT,
                "REMARKS",
                TEXT,
                "BASE_TYPE",
                SHORT));
    }

    /** None: always empty. */
    @Override
    public ResultSet getVersionColumns(@Nullable String catalog, @Nullable String schema, @Nullable String name) {
        return rows(result(
                "SCOPE",
                SHORT,
                "COLUMN_NAME",
                TEXT,
                "DATA_TYPE",
                INT,
                "TYPE_NAME",
                TEXT,
                "COLUMN_SIZE",
                INT,
                "BUFFER_LENGTH",
                INT,
                "DECIMAL_DIGITS",
                SHORT,
                "PSEUDO_COLUMN",
                SHORT));
    }

    /** None: always empty. */
    @Override
    public ResultSet getPseudoColumns(
            @Nullable String catalog, @Nullable String schema, @Nullable String name, @Nullable String part) {
        return rows(result(
                "TABLE_CAT",
                TEXT,
                "TABLE_SCHEM",
                TEXT,
                "TABLE_NAME",
                TEXT,
                "COLUMN_NAME",
                TEXT,
                "DATA_TYPE",
                INT,
                "COLUMN_SIZE",
                INT,
                "DECIMAL_DIGITS",
                INT,
                "NUM_PREC_RADIX",
                INT,
                "COLUMN_USAGE",
                TEXT,
                "REMARKS",
                TEXT,
                "CHAR_OCTET_LENGTH",
                INT,
                "IS_NULLABLE",
                TEXT));
    }

    /** Empty: Pando's procedures are built in, and not listed. */
    @Override
    public ResultSet getProcedures(@Nullable String catalog, @Nullable String schema, @Nullable String name) {
        return rows(result(
                "PROCEDURE_CAT",
                TEXT,
                "PROCEDURE_SCHEM",
                TEXT,
                "PROCEDURE_NAME",
                TEXT,
                "RESERVED_1",
                TEXT,
                "RESERVED_2",
                TEXT,
                "RESERVED_3",
                TEXT,
                "REMARKS",
                TEXT,
                "PROCEDURE_TYPE",
                SHORT,
                "SPECIFIC_NAME",
                TEXT));
    }

    /** Empty: Pando's procedures are built in, and not listed. */
    @Override
    public ResultSet getProcedureColumns(
            @Nullable String catalog, @Nullable String schema, @Nullable String name, @Nullable String part) {
        return rows(result(
                "PROCEDURE_CAT",
                TEXT,
                "PROCEDURE_SCHEM",
                TEXT,
                "PROCEDURE_NAME",
                TEXT,
                "COLUMN_NAME",
                TEXT,
                "COLUMN_TYPE",
                SHORT,
                "DATA_TYPE",
                INT,
                "TYPE_NAME",
                TEXT,
                "PRECISION",
                INT,
                "LENGTH",
                INT,
                "SCALE",
                SHORT,
                "RADIX",
                SHORT,
                "NULLABLE",
                SHORT,
                "REMARKS",
                TEXT,
                "COLUMN_DEF",
                TEXT,
                "SQL_DATA_TYPE",
                INT,
                "SQL_DATETIME_SUB",
                INT,
                "CHAR_OCTET_LENGTH",
                INT,
                "ORDINAL_POSITION",
                INT,
                "IS_NULLABLE",
                TEXT,
                "SPECIFIC_NAME",
                TEXT));
    }

    /** Empty: Pando's functions are built in, and not listed. */
    @Override
    public ResultSet getFunctions(@Nullable String catalog, @Nullable String schema, @Nullable String name) {
        return rows(result(
                "FUNCTION_CAT",
                TEXT,
                "FUNCTION_SCHEM",
                TEXT,
                "FUNCTION_NAME",
                TEXT,
                "REMARKS",
                TEXT,
                "FUNCTION_TYPE",
                SHORT,
                "SPECIFIC_NAME",
                TEXT));
    }

    /** Empty: Pando's functions are built in, and not listed. */
    @Override
    public ResultSet getFunctionColumns(
            @Nullable String catalog, @Nullable String schema, @Nullable String name, @Nullable String part) {
        return rows(result(
                "FUNCTION_CAT",
                TEXT,
                "FUNCTION_SCHEM",
                TEXT,
                "FUNCTION_NAME",
                TEXT,
                "COLUMN_NAME",
                TEXT,
                "COLUMN_TYPE",
                SHORT,
                "DATA_TYPE",
                INT,
                "TYPE_NAME",
                TEXT,
                "PRECISION",
                INT,
                "LENGTH",
                INT,
                "SCALE",
                SHORT,
                "RADIX",
                SHORT,
                "NULLABLE",
                SHORT,
                "REMARKS",
                TEXT,
                "CHAR_OCTET_LENGTH",
                INT,
                "ORDINAL_POSITION",
                INT,
                "IS_NULLABLE",
                TEXT,
                "SPECIFIC_NAME",
                TEXT));
    }

    @Override
    public <T> T unwrap(Class<T> wanted) throws SQLException {
        return JdbcErrors.unwrap(this, wanted);
    }

    @Override
    public boolean isWrapperFor(Class<?> wanted) {
        return wanted.isInstance(this);
    }
}
