package dev.pando.collection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.ColumnType;
import dev.pando.ColumnType.Family;
import dev.pando.PandoException;
import dev.pando.PandoException.Kind;
import dev.pando.dag.BlockSource;
import dev.pando.dag.LargeValue;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TypesTest {

    private static final ColumnType TS3 = new ColumnType(Family.TS, "TIMESTAMP", 3, 0);
    private static final ColumnType TSTZ = new ColumnType(Family.TSTZ, "TIMESTAMP WITH TIME ZONE", 6, 0);
    private static final ColumnType TIME = new ColumnType(Family.TIME, "TIME", 0, 0);
    private static final ColumnType CHAR3 = new ColumnType(Family.TEXT, "CHAR", 3, 0);
    private static final ColumnType VARCHAR3 = new ColumnType(Family.TEXT, "VARCHAR", 3, 0);
    private static final ColumnType JSON = new ColumnType(Family.JSON, "JSON", -1, 0);
    private static final ColumnType ARRAY = new ColumnType(Family.ARRAY, "INTEGER ARRAY", -1, 0);
    private static final ColumnType BYTES2 = new ColumnType(Family.BYTES, "VARBINARY", 2, 0);
    private static final ColumnType UUIDS = new ColumnType(Family.UUID, "UUID", -1, 0);

    @Test
    void convertsToTheOneValue() {
        becomes(ColumnType.BOOLEAN, " TRUE ", true);
        becomes(ColumnType.INTEGER, 5, 5L);
        becomes(ColumnType.INTEGER, new BigDecimal("2.5"), 3L);
        becomes(ColumnType.INTEGER, "-7", -7L);
        becomes(ColumnType.decimal(5, 2), "1.005", new BigDecimal("1.01"));
        becomes(ColumnType.decimal(5, 2), 1.0, new BigDecimal("1.00"));
        becomes(ColumnType.decimal(5, 2), 7L, new BigDecimal("7.00"));
        becomes(ColumnType.DOUBLE, -0.0, 0.0);
        becomes(ColumnType.DOUBLE, "1e3", 1000.0);
        becomes(new ColumnType(Family.FLOAT, "REAL", -1, 0), 0.1, (double) 0.1f);
        becomes(Books.DATE, LocalDate.of(1970, 1, 2), 1L);
        becomes(Books.DATE, "1969-12-31", -1L);
        becomes(TIME, "00:00:01.9", 1_000_000L);
        becomes(TS3, LocalDateTime.of(1970, 1, 1, 0, 0, 0, 1_999_999), 1_000L);
        becomes(TS3, -1L, -1_000L);
        becomes(TS3, "1970-01-01 00:00:01", 1_000_000L);
        becomes(TSTZ, OffsetDateTime.parse("1970-01-01T01:00:00+01:00"), 0L);
        becomes(TSTZ, Instant.ofEpochSecond(2), 2_000_000L);
        becomes(UUIDS, "00000000-0000-0001-0000-000000000002", new UUID(1, 2));
        becomes(CHAR3, "ab   ", "ab");
        becomes(VARCHAR3, "ab   ", "ab ");
        becomes(VARCHAR3, "😀😀😀", "😀😀😀");
        becomes(
                JSON,
                " {\"a\": [1, -2.5e3, \"\\u00e4\", true, null]} ",
                " {\"a\": [1, -2.5e3, \"\\u00e4\", true, null]} ");
        becomes(ARRAY, Arrays.asList(1, null, 2.5f, List.of((short) 3)), Arrays.asList(1L, null, 2.5, List.of(3L)));
        assertThat(Types.convert(ARRAY, null, "c")).isNull();
    }

    private static void becomes(ColumnType type, Object value, Object expected) {
        Object converted = Types.convert(type, value, "c");
        assertThat(converted).isEqualTo(expected);
        assertThat(Types.convert(type, converted, "c")).isEqualTo(expected);
        assertThat(Types.decode(type, Types.encode(type, converted, new ArrayList<>()), BlockSource.EMPTY))
                .isEqualTo(expected);
    }

    @Test
    void refusesWithItsState() {
        refuses(ColumnType.BOOLEAN, "yes", Kind.INVALID_VALUE);
        refuses(ColumnType.INTEGER, 1L << 31, Kind.NUMERIC_OUT_OF_RANGE);
        refuses(Books.SMALLINT, "40000", Kind.NUMERIC_OUT_OF_RANGE);
        refuses(ColumnType.BIGINT, BigInteger.TWO.pow(63), Kind.NUMERIC_OUT_OF_RANGE);
        refuses(ColumnType.BIGINT, new BigDecimal("1e999999999"), Kind.NUMERIC_OUT_OF_RANGE);
        refuses(ColumnType.BIGINT, "abc", Kind.INVALID_VALUE);
        refuses(ColumnType.BIGINT, true, Kind.INVALID_VALUE);
        refuses(ColumnType.decimal(5, 2), "999.995", Kind.NUMERIC_OUT_OF_RANGE);
        refuses(ColumnType.decimal(5, 2), "1e999999999", Kind.NUMERIC_OUT_OF_RANGE);
        refuses(ColumnType.DOUBLE, Double.NaN, Kind.NUMERIC_OUT_OF_RANGE);
        refuses(ColumnType.DOUBLE, "1e400", Kind.NUMERIC_OUT_OF_RANGE);
        refuses(Books.DATE, "2023-02-30", Kind.INVALID_VALUE);
        refuses(Books.DATE, LocalDate.of(10000, 1, 1), Kind.NUMERIC_OUT_OF_RANGE);
        refuses(TIME, 86_400_000_000L, Kind.NUMERIC_OUT_OF_RANGE);
        refuses(VARCHAR3, "abcd", Kind.VALUE_TOO_LONG);
        refuses(CHAR3, "abcd", Kind.VALUE_TOO_LONG);
        refuses(ColumnType.VARCHAR, "\ud83d", Kind.INVALID_VALUE);
        refuses(ColumnType.VARCHAR, "x".repeat(LargeValue.BYTES_MAX + 1), Kind.LIMIT_EXCEEDED);
        refuses(BYTES2, new byte[3], Kind.VALUE_TOO_LONG);
        refuses(UUIDS, "1-2-3-4-5", Kind.INVALID_VALUE);
        for (String json :
                new String[] {"", "{", "{\"a\" 1}", "[1,]", "01", "1.", "+1", "nul", "\"\\x\"", "1 2", "'a'"}) {
            refuses(JSON, json, Kind.INVALID_VALUE);
        }
        refuses(JSON, "[".repeat(10_000), Kind.INVALID_VALUE);
        refuses(ARRAY, List.of(new BigDecimal("1")), Kind.NOT_SUPPORTED);
    }

    private static void refuses(ColumnType type, Object value, Kind kind) {
        assertThatThrownBy(() -> Types.convert(type, value, "c"))
                .isInstanceOfSatisfying(
                        PandoException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }
}
