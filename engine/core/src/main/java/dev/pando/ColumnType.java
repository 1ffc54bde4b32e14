package dev.pando;

/**
 * A column's SQL type.
 *
 * <p>The Java class of a value is fixed by the {@link Family}, everywhere in this API:
 *
 * <table>
 * <caption>Families</caption>
 * <tr><td>BOOL</td><td>{@link Boolean}</td></tr>
 * <tr><td>INT (TINYINT, SMALLINT, INTEGER, BIGINT)</td><td>{@link Long}</td></tr>
 * <tr><td>DEC</td><td>{@link java.math.BigDecimal} at the column's scale</td></tr>
 * <tr><td>FLOAT (REAL, DOUBLE)</td><td>{@link Double}, never NaN, infinite or −0</td></tr>
 * <tr><td>DATE</td><td>{@link Long} days since 1970-01-01</td></tr>
 * <tr><td>TIME</td><td>{@link Long} microseconds since midnight</td></tr>
 * <tr><td>TS, TSTZ</td><td>{@link Long} microseconds since 1970-01-01 00:00 (UTC)</td></tr>
 * <tr><td>UUID</td><td>{@link java.util.UUID}</td></tr>
 * <tr><td>TEXT (VARCHAR, CHAR, CLOB), JSON</td><td>{@link String}</td></tr>
 * <tr><td>ARRAY</td><td>{@link java.util.List}</td></tr>
 * <tr><td>BYTES (VARBINARY, BINARY, BLOB)</td><td>{@code byte[]}, not to be changed by its reader</td></tr>
 * </table>
 *
 * @param family how values are encoded and merged
 * @param name the SQL name: {@code VARCHAR}, {@code SMALLINT}, …
 * @param precision length in characters or bytes, digits of a DECIMAL, fractional digits of a time; −1 when unbounded
 * @param scale digits after the point of a DECIMAL, else 0
 */
public record ColumnType(Family family, String name, int precision, int scale) {

    public static final ColumnType BOOLEAN = new ColumnType(Family.BOOL, "BOOLEAN", -1, 0);
    public static final ColumnType INTEGER = new ColumnType(Family.INT, "INTEGER", -1, 0);
    public static final ColumnType BIGINT = new ColumnType(Family.INT, "BIGINT", -1, 0);
    public static final ColumnType DOUBLE = new ColumnType(Family.FLOAT, "DOUBLE", -1, 0);
    public static final ColumnType VARCHAR = new ColumnType(Family.TEXT, "VARCHAR", -1, 0);

    public static ColumnType decimal(int precision, int scale) {
        return new ColumnType(Family.DEC, "DECIMAL", precision, scale);
    }

    /** The family as it stands in a column id: {@code dec2} carries its scale. */
    public String familyText() {
        return family == Family.DEC ? "dec" + scale : family.text;
    }

    /** The closed table of type families: docs/formats/types.md. */
    public enum Family {
        BOOL("bool"),
        INT("int"),
        DEC("dec"),
        FLOAT("float"),
        DATE("date"),
        TIME("time"),
        TS("ts"),
        TSTZ("tstz"),
        UUID("uuid"),
        TEXT("text"),
        JSON("json"),
        ARRAY("array"),
        BYTES("bytes");

        private final String text;

        Family(String text) {
            this.text = text;
        }
    }
}
