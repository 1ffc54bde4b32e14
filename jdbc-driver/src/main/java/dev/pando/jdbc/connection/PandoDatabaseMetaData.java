package dev.pando.jdbc.connection;

import dev.pando.sql.session.Result;
import dev.pando.sql.session.SqlType;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Metadata by queries on {@code INFORMATION_SCHEMA} through the session, so that all transports answer alike. Patterns
 * are applied here: the queries stay plain scans.
 */
final class PandoDatabaseMetaData extends GeneralMetaData {
    private static final int FETCH_ROWS = 1_000;

    /** Of those of a table what a column can have. */
    private static final Set<String> COLUMN_PRIVILEGES = Set.of("SELECT", "INSERT", "UPDATE");

    PandoDatabaseMetaData(PandoConnection connection) {
        super(connection);
    }

    /** A row by its column labels. */
    private record Entry(
            Map<String, Integer> positions, @Nullable Object[] values) {
        @Nullable
        Object get(String column) {
            Integer position = positions.get(column);
            if (position == null) {
                throw new IllegalStateException("INFORMATION_SCHEMA lacks the column " + column);
            }
            return values[position];
        }

        String text(String column) {
            return String.valueOf(get(column));
        }

        @Nullable
        Integer number(String column) {
            return get(column) instanceof Number number ? number.intValue() : null;
        }
    }

    private List<Entry> read(String table) throws SQLException {
        List<Entry> entries = new ArrayList<>();
        try (Result result = connection.session().execute("SELECT * FROM INFORMATION_SCHEMA." + table)) {
            Map<String, Integer> positions = new HashMap<>();
            for (int i = 0; i < result.columns().size(); i++) {
                positions.put(result.columns().get(i).label().toUpperCase(Locale.ROOT), i);
            }
            for (List<@Nullable Object[]> page = result.fetch(FETCH_ROWS);
                    !page.isEmpty();
                    page = result.fetch(FETCH_ROWS)) {
                page.forEach(row -> entries.add(new Entry(positions, row)));
            }
        }
        return entries;
    }

    private static boolean anyCatalog(@Nullable String catalog) {
        return catalog == null || catalog.isEmpty() || catalog.equals("%");
    }

    @Override
    public ResultSet getSchemas() throws SQLException {
        return getSchemas(null, null);
    }

    @Override
    public ResultSet getSchemas(@Nullable String catalog, @Nullable String schemaPattern) throws SQLException {
        MemoryResult rows = result("TABLE_SCHEM", TEXT, "TABLE_CATALOG", TEXT);
        NamePattern schema = NamePattern.of(schemaPattern);
        if (anyCatalog(catalog)) {
            read("SCHEMATA").stream()
                    .map(entry -> entry.text("SCHEMA_NAME"))
                    .filter(schema::matches)
                    .sorted()
                    .forEach(name -> rows.add(name, null));
        }
        return rows(rows);
    }

    @Override
    public ResultSet getTables(
            @Nullable String catalog,
            @Nullable String schemaPattern,
            @Nullable String tablePattern,
            String @Nullable [] types)
            throws SQLException {
        MemoryResult rows = result(
                "TABLE_CAT",
                TEXT,
                "TABLE_SCHEM",
                TEXT,
                "TABLE_NAME",
                TEXT,
                "TABLE_TYPE",
                TEXT,
                "REMARKS",
                TEXT,
                "TYPE_CAT",
                TEXT,
                "TYPE_SCHEM",
                TEXT,
                "TYPE_NAME",
                TEXT,
                "SELF_REFERENCING_COL_NAME",
                TEXT,
                "REF_GENERATION",
                TEXT);
        Set<String> wanted = types == null ? Set.of() : Set.copyOf(Arrays.asList(types));
        for (Entry entry : tables(catalog, schemaPattern, tablePattern)) {
            String type = tableType(entry);
            if (types == null || wanted.contains(type)) {
                rows.add(
                        null,
                        entry.text("TABLE_SCHEMA"),
                        entry.text("TABLE_NAME"),
                        type,
                        entry.get("REMARKS"),
                        null,
                        null,
                        null,
                        null,
                        null);
            }
        }
        return rows(rows);
    }

    private static String tableType(Entry entry) {
        String type = entry.text("TABLE_TYPE");
        return type.equals("BASE TABLE") ? "TABLE" : type;
    }

    private List<Entry> tables(@Nullable String catalog, @Nullable String schemaPattern, @Nullable String tablePattern)
            throws SQLException {
        NamePattern schema = NamePattern.of(schemaPattern);
        NamePattern table = NamePattern.of(tablePattern);
        if (!anyCatalog(catalog)) {
            return List.of();
        }
        return read("TABLES").stream()
                .filter(entry -> schema.matches(entry.text("TABLE_SCHEMA")) && table.matches(entry.text("TABLE_NAME")))
                .sorted(Comparator.comparing(PandoDatabaseMetaData::tableType)
                        .thenComparing(entry -> entry.text("TABLE_SCHEMA"))
                        .thenComparing(entry -> entry.text("TABLE_NAME")))
                .toList();
    }

    @Override
    public ResultSet getColumns(
            @Nullable String catalog,
            @Nullable String schemaPattern,
            @Nullable String tablePattern,
            @Nullable String columnPattern)
            throws SQLException {
        MemoryResult rows = result(
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
                "TYPE_NAME",
                TEXT,
                "COLUMN_SIZE",
                INT,
                "BUFFER_LENGTH",
                INT,
                "DECIMAL_DIGITS",
                INT,
                "NUM_PREC_RADIX",
                INT,
                "NULLABLE",
                INT,
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
                "SCOPE_CATALOG",
                TEXT,
                "SCOPE_SCHEMA",
                TEXT,
                "SCOPE_TABLE",
                TEXT,
                "SOURCE_DATA_TYPE",
                SHORT,
                "IS_AUTOINCREMENT",
                TEXT,
                "IS_GENERATEDCOLUMN",
                TEXT);
        NamePattern schema = NamePattern.of(schemaPattern);
        NamePattern table = NamePattern.of(tablePattern);
        NamePattern column = NamePattern.of(columnPattern);
        if (anyCatalog(catalog)) {
            read("COLUMNS").stream()
                    .filter(entry -> schema.matches(entry.text("TABLE_SCHEMA"))
                            && table.matches(entry.text("TABLE_NAME"))
                            && column.matches(entry.text("COLUMN_NAME")))
                    .sorted(Comparator.<Entry, String>comparing(entry -> entry.text("TABLE_SCHEMA"))
                            .thenComparing(entry -> entry.text("TABLE_NAME"))
                            .thenComparing(entry -> ordinal(entry)))
                    .forEach(entry -> addColumn(rows, entry));
        }
        return rows(rows);
    }

    private static int ordinal(Entry entry) {
        Integer ordinal = entry.number("ORDINAL_POSITION");
        return ordinal == null ? 0 : ordinal;
    }

    private static void addColumn(MemoryResult rows, Entry entry) {
        boolean nullable = entry.text("IS_NULLABLE").equals("YES");
        Integer length = entry.number("CHARACTER_MAXIMUM_LENGTH");
        Integer precision = entry.number("NUMERIC_PRECISION");
        Integer jdbcType = entry.number("JDBC_TYPE");
        rows.add(
                null,
                entry.text("TABLE_SCHEMA"),
                entry.text("TABLE_NAME"),
                entry.text("COLUMN_NAME"),
                jdbcType == null ? Types.OTHER : jdbcType,
                entry.text("DATA_TYPE"),
                columnSize(entry, jdbcType, length != null ? length : precision),
                null,
                precision != null ? entry.number("NUMERIC_SCALE") : entry.number("DATETIME_PRECISION"),
                10,
                nullable ? columnNullable : columnNoNulls,
                entry.get("REMARKS"),
                entry.get("COLUMN_DEFAULT"),
                null,
                null,
                length,
                ordinal(entry),
                nullable ? "YES" : "NO",
                null,
                null,
                null,
                null,
                entry.text("IS_IDENTITY"),
                "NO");
    }

    private static @Nullable Integer columnSize(Entry entry, @Nullable Integer jdbcType, @Nullable Integer stated) {
        if (stated != null || jdbcType == null) {
            return stated;
        }
        for (SqlType type : SqlType.values()) {
            if (type.typeName().equals(entry.text("DATA_TYPE"))) {
                return precisionMax(type);
            }
        }
        return null;
    }

    /** Constraints of a type, by schema and name. */
    private Map<String, Entry> constraints(String type) throws SQLException {
        return read("TABLE_CONSTRAINTS").stream()
                .filter(entry -> entry.text("CONSTRAINT_TYPE").equals(type))
                .collect(Collectors.toMap(PandoDatabaseMetaData::constraintKey, entry -> entry, (a, b) -> a));
    }

    private static String constraintKey(Entry entry) {
        return entry.text("CONSTRAINT_SCHEMA") + '\0' + entry.text("TABLE_NAME") + '\0' + entry.text("CONSTRAINT_NAME");
    }

    private List<Entry> primaryKeyColumns(NamePattern schema, NamePattern table) throws SQLException {
        Map<String, Entry> keys = constraints("PRIMARY KEY");
        return read("KEY_COLUMN_USAGE").stream()
                .filter(entry -> keys.containsKey(constraintKey(entry))
                        && schema.matches(entry.text("TABLE_SCHEMA"))
                        && table.matches(entry.text("TABLE_NAME")))
                .toList();
    }

    @Override
    public ResultSet getPrimaryKeys(@Nullable String catalog, @Nullable String schema, String table)
            throws SQLException {
        MemoryResult rows = result(
                "TABLE_CAT",
                TEXT,
                "TABLE_SCHEM",
                TEXT,
                "TABLE_NAME",
                TEXT,
                "COLUMN_NAME",
                TEXT,
                "KEY_SEQ",
                SHORT,
                "PK_NAME",
                TEXT);
        primaryKeyColumns(NamePattern.exactly(schema), NamePattern.exactly(table)).stream()
                .sorted(Comparator.comparing(entry -> entry.text("COLUMN_NAME")))
                .forEach(entry -> rows.add(
                        null,
                        entry.text("TABLE_SCHEMA"),
                        entry.text("TABLE_NAME"),
                        entry.text("COLUMN_NAME"),
                        (short) ordinal(entry),
                        entry.text("CONSTRAINT_NAME")));
        return rows(rows);
    }

    @Override
    public ResultSet getBestRowIdentifier(
            @Nullable String catalog, @Nullable String schema, String table, int scope, boolean nullable)
            throws SQLException {
        MemoryResult rows = result(
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
                SHORT);
        Set<String> key = primaryKeyColumns(NamePattern.exactly(schema), NamePattern.exactly(table)).stream()
                .map(entry -> entry.text("COLUMN_NAME"))
                .collect(Collectors.toSet());
        NamePattern schemaName = NamePattern.exactly(schema);
        NamePattern tableName = NamePattern.exactly(table);
        for (Entry entry : read("COLUMNS")) {
            if (schemaName.matches(entry.text("TABLE_SCHEMA"))
                    && tableName.matches(entry.text("TABLE_NAME"))
                    && key.contains(entry.text("COLUMN_NAME"))) {
                rows.add(
                        (short) bestRowSession,
                        entry.text("COLUMN_NAME"),
                        entry.number("JDBC_TYPE"),
                        entry.text("DATA_TYPE"),
                        entry.number("NUMERIC_PRECISION"),
                        null,
                        null,
                        (short) bestRowNotPseudo);
            }
        }
        return rows(rows);
    }

    @Override
    public ResultSet getIndexInfo(
            @Nullable String catalog, @Nullable String schema, String table, boolean unique, boolean approximate)
            throws SQLException {
        MemoryResult rows = result(
                "TABLE_CAT",
                TEXT,
                "TABLE_SCHEM",
                TEXT,
                "TABLE_NAME",
                TEXT,
                "NON_UNIQUE",
                SqlType.BOOLEAN,
                "INDEX_QUALIFIER",
                TEXT,
                "INDEX_NAME",
                TEXT,
                "TYPE",
                SHORT,
                "ORDINAL_POSITION",
                SHORT,
                "COLUMN_NAME",
                TEXT,
                "ASC_OR_DESC",
                TEXT,
                "CARDINALITY",
                SqlType.BIGINT,
                "PAGES",
                SqlType.BIGINT,
                "FILTER_CONDITION",
                TEXT);
        NamePattern schemaName = NamePattern.exactly(schema);
        NamePattern tableName = NamePattern.exactly(table);
        for (Entry entry : primaryKeyColumns(schemaName, tableName)) {
            addIndexRow(rows, entry, entry.text("TABLE_SCHEMA"), entry.text("CONSTRAINT_NAME"), true, "A");
        }
        Map<String, Boolean> uniqueIndexes = new HashMap<>();
        for (Entry entry : read("INDEXES")) {
            uniqueIndexes.put(indexKey(entry), Boolean.TRUE.equals(entry.get("IS_UNIQUE")));
        }
        for (Entry entry : read("INDEX_COLUMNS")) {
            boolean isUnique = uniqueIndexes.getOrDefault(indexKey(entry), false);
            if (schemaName.matches(entry.text("INDEX_SCHEMA"))
                    && tableName.matches(entry.text("TABLE_NAME"))
                    && (isUnique || !unique)) {
                String order = Boolean.TRUE.equals(entry.get("IS_DESCENDING")) ? "D" : "A";
                addIndexRow(rows, entry, entry.text("INDEX_SCHEMA"), entry.text("INDEX_NAME"), isUnique, order);
            }
        }
        return rows(rows);
    }

    private static String indexKey(Entry entry) {
        return entry.text("INDEX_SCHEMA") + '\0' + entry.text("INDEX_NAME");
    }

    private static void addIndexRow(
            MemoryResult rows, Entry entry, String schema, String index, boolean unique, String order) {
        rows.add(
                null,
                schema,
                entry.text("TABLE_NAME"),
                !unique,
                null,
                index,
                (short) tableIndexOther,
                (short) ordinal(entry),
                entry.text("COLUMN_NAME"),
                order,
                null,
                null,
                null);
    }

    /** What users have by their role or by a grant, and peers, as {@code PEER …}, by a grant. */
    @Override
    public ResultSet getTablePrivileges(@Nullable String catalog, @Nullable String schema, @Nullable String table)
            throws SQLException {
        MemoryResult rows = result(
                "TABLE_CAT",
                TEXT,
                "TABLE_SCHEM",
                TEXT,
                "TABLE_NAME",
                TEXT,
                "GRANTOR",
                TEXT,
                "GRANTEE",
                TEXT,
                "PRIVILEGE",
                TEXT,
                "IS_GRANTABLE",
                TEXT);
        for (Entry held : privileges(catalog, schema, table)) {
            rows.add(
                    null,
                    held.text("TABLE_SCHEMA"),
                    held.text("TABLE_NAME"),
                    held.get("GRANTOR"),
                    held.text("GRANTEE"),
                    held.text("PRIVILEGE_TYPE"),
                    held.text("IS_GRANTABLE"));
        }
        return rows(rows);
    }

    /** Those of the table: rights are on whole tables. */
    @Override
    public ResultSet getColumnPrivileges(
            @Nullable String catalog, @Nullable String schema, @Nullable String table, @Nullable String columnPattern)
            throws SQLException {
        MemoryResult rows = result(
                "TABLE_CAT",
                TEXT,
                "TABLE_SCHEM",
                TEXT,
                "TABLE_NAME",
                TEXT,
                "COLUMN_NAME",
                TEXT,
                "GRANTOR",
                TEXT,
                "GRANTEE",
                TEXT,
                "PRIVILEGE",
                TEXT,
                "IS_GRANTABLE",
                TEXT);
        NamePattern wanted = NamePattern.of(columnPattern);
        List<Entry> columns = read("COLUMNS").stream()
                .filter(column -> wanted.matches(column.text("COLUMN_NAME")))
                .sorted(Comparator.comparing(column -> column.text("COLUMN_NAME")))
                .toList();
        List<Entry> privileges = privileges(catalog, schema, table);
        for (Entry column : columns) {
            for (Entry held : privileges) {
                boolean ofTable = held.text("TABLE_SCHEMA").equals(column.text("TABLE_SCHEMA"))
                        && held.text("TABLE_NAME").equals(column.text("TABLE_NAME"));
                if (ofTable && COLUMN_PRIVILEGES.contains(held.text("PRIVILEGE_TYPE"))) {
                    rows.add(
                            null,
                            held.text("TABLE_SCHEMA"),
                            held.text("TABLE_NAME"),
                            column.text("COLUMN_NAME"),
                            held.get("GRANTOR"),
                            held.text("GRANTEE"),
                            held.text("PRIVILEGE_TYPE"),
                            held.text("IS_GRANTABLE"));
                }
            }
        }
        return rows(rows);
    }

    private List<Entry> privileges(
            @Nullable String catalog, @Nullable String schemaPattern, @Nullable String tablePattern)
            throws SQLException {
        NamePattern schema = NamePattern.of(schemaPattern);
        NamePattern table = NamePattern.of(tablePattern);
        if (!anyCatalog(catalog)) {
            return List.of();
        }
        return read("TABLE_PRIVILEGES").stream()
                .filter(held -> schema.matches(held.text("TABLE_SCHEMA")) && table.matches(held.text("TABLE_NAME")))
                .sorted(Comparator.<Entry, String>comparing(held -> held.text("TABLE_SCHEMA"))
                        .thenComparing(held -> held.text("TABLE_NAME"))
                        .thenComparing(held -> held.text("PRIVILEGE_TYPE"))
                        .thenComparing(held -> held.text("GRANTEE")))
                .toList();
    }

    @Override
    public ResultSet getImportedKeys(@Nullable String catalog, @Nullable String schema, String table)
            throws SQLException {
        return foreignKeys(null, null, schema, table);
    }

    @Override
    public ResultSet getExportedKeys(@Nullable String catalog, @Nullable String schema, String table)
            throws SQLException {
        return foreignKeys(schema, table, null, null);
    }

    @Override
    public ResultSet getCrossReference(
            @Nullable String parentCatalog,
            @Nullable String parentSchema,
            @Nullable String parentTable,
            @Nullable String foreignCatalog,
            @Nullable String foreignSchema,
            @Nullable String foreignTable)
            throws SQLException {
        return foreignKeys(parentSchema, parentTable, foreignSchema, foreignTable);
    }

    private ResultSet foreignKeys(
            @Nullable String parentSchema,
            @Nullable String parentTable,
            @Nullable String foreignSchema,
            @Nullable String foreignTable)
            throws SQLException {
        MemoryResult rows = result(
                "PKTABLE_CAT",
                TEXT,
                "PKTABLE_SCHEM",
                TEXT,
                "PKTABLE_NAME",
                TEXT,
                "PKCOLUMN_NAME",
                TEXT,
                "FKTABLE_CAT",
                TEXT,
                "FKTABLE_SCHEM",
                TEXT,
                "FKTABLE_NAME",
                TEXT,
                "FKCOLUMN_NAME",
                TEXT,
                "KEY_SEQ",
                SHORT,
                "UPDATE_RULE",
                SHORT,
                "DELETE_RULE",
                SHORT,
                "FK_NAME",
                TEXT,
                "PK_NAME",
                TEXT,
                "DEFERRABILITY",
                SHORT);
        Map<String, List<Entry>> columns = read("KEY_COLUMN_USAGE").stream()
                .sorted(Comparator.comparing(PandoDatabaseMetaData::ordinal))
                .collect(Collectors.groupingBy(PandoDatabaseMetaData::constraintKey));
        for (Entry reference : read("REFERENTIAL_CONSTRAINTS")) {
            boolean wanted = NamePattern.exactly(parentSchema).matches(reference.text("REFERENCED_SCHEMA"))
                    && NamePattern.exactly(parentTable).matches(reference.text("REFERENCED_TABLE"))
                    && NamePattern.exactly(foreignSchema).matches(reference.text("CONSTRAINT_SCHEMA"))
                    && NamePattern.exactly(foreignTable).matches(reference.text("TABLE_NAME"));
            if (wanted) {
                addForeignKey(rows, reference, columns.getOrDefault(constraintKey(reference), List.of()));
            }
        }
        return rows(rows);
    }

    private static void addForeignKey(MemoryResult rows, Entry reference, List<Entry> columns) {
        String[] targets = reference.text("REFERENCED_COLUMNS").split(",", -1);
        for (int i = 0; i < Math.min(columns.size(), targets.length); i++) {
            rows.add(
                    null,
                    reference.text("REFERENCED_SCHEMA"),
                    reference.text("REFERENCED_TABLE"),
                    targets[i],
                    null,
                    reference.text("CONSTRAINT_SCHEMA"),
                    reference.text("TABLE_NAME"),
                    columns.get(i).text("COLUMN_NAME"),
                    (short) (i + 1),
                    (short) DatabaseMetaData.importedKeyNoAction,
                    (short) DatabaseMetaData.importedKeyNoAction,
                    reference.text("CONSTRAINT_NAME"),
                    null,
                    (short) DatabaseMetaData.importedKeyNotDeferrable);
        }
    }
}
