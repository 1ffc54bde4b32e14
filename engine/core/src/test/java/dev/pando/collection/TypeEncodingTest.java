package dev.pando.collection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.ColumnType;
import dev.pando.ColumnType.Family;
import dev.pando.dag.BlockSource;
import dev.pando.dag.Golden;
import dev.pando.dag.Value;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** One value of every type of docs/formats/types.md, and the one way in which it is written. */
class TypeEncodingTest {

    private static final UUID ID = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");

    private static Map<ColumnType, List<Object>> values() {
        Map<ColumnType, List<Object>> values = new LinkedHashMap<>();
        values.put(ColumnType.BOOLEAN, List.of(true, false));
        for (String name : List.of("TINYINT", "SMALLINT", "INTEGER", "BIGINT")) {
            values.put(new ColumnType(Family.INT, name, -1, 0), List.of(0, -1, 127, -128));
        }
        values.put(ColumnType.BIGINT, List.of(Long.MIN_VALUE, Long.MAX_VALUE));
        values.put(
                ColumnType.decimal(38, 2),
                List.of("0", "1.0", "-1.5", "0.005", "999999999999999999999999999999999999.99"));
        values.put(new ColumnType(Family.FLOAT, "REAL", -1, 0), List.of(0.1f, -0.0));
        values.put(ColumnType.DOUBLE, List.of(0.1, -0.0, Double.MIN_VALUE, -Double.MAX_VALUE));
        values.put(new ColumnType(Family.DATE, "DATE", -1, 0), List.of(LocalDate.of(1969, 12, 31)));
        values.put(new ColumnType(Family.TIME, "TIME", 6, 0), List.of(LocalTime.of(23, 59, 59, 999_999_999)));
        values.put(new ColumnType(Family.TS, "TIMESTAMP", 6, 0), List.of(LocalDateTime.of(2026, 1, 1, 0, 0, 0, 1_000)));
        values.put(
                new ColumnType(Family.TSTZ, "TIMESTAMP WITH TIME ZONE", 3, 0),
                List.of(OffsetDateTime.parse("2026-01-01T01:00:00.0019+01:00")));
        values.put(new ColumnType(Family.UUID, "UUID", -1, 0), List.of(ID));
        values.put(ColumnType.VARCHAR, List.of("", "a ", "\u00e4", "a\u0308", "\ud83c\udf33"));
        values.put(new ColumnType(Family.TEXT, "CHAR", 4, 0), List.of("a  "));
        values.put(new ColumnType(Family.JSON, "JSON", -1, 0), List.of("{\"a\": [1, null]}"));
        values.put(new ColumnType(Family.BYTES, "VARBINARY", -1, 0), List.of(new byte[0], new byte[] {0, (byte) 0xff}));
        values.put(
                new ColumnType(Family.ARRAY, "INTEGER ARRAY", -1, 0),
                List.of(List.of(), Arrays.asList(1, null, List.of(2))));
        values.put(
                new ColumnType(Family.ARRAY, "DECIMAL ARRAY", 10, 2),
                List.of(Arrays.asList(new BigDecimal("1.5"), null, new BigDecimal("-0.005"))));
        values.put(new ColumnType(Family.ARRAY, "UUID ARRAY", -1, 0), List.of(List.of(ID, ID.toString())));
        return values;
    }

    @Test
    void everyValueIsWrittenInOneWayAndReadBack() {
        var all = new ByteArrayOutputStream();
        values().forEach((type, values) -> values.forEach(value -> {
            Object converted = Types.convert(type, value, "c");
            Value encoded = Types.encode(type, converted, new ArrayList<>());
            all.writeBytes(encoded.encoded());
            Object read = Types.decode(type, encoded, BlockSource.EMPTY);
            assertThat(DeltaFactory.same(converted, read))
                    .as("%s: %s became %s", type, converted, read)
                    .isTrue();
            assertThat(Types.encode(type, Types.convert(type, read, "c"), new ArrayList<>()))
                    .isEqualTo(encoded);
        }));
        Golden.check("types", all.toByteArray());
    }

    @Test
    void arraysOfDecimalsAndUuidsAreWhatTheyWere() {
        var decimals = new ColumnType(Family.ARRAY, "DECIMAL ARRAY", 10, 2);
        assertThat(Types.convert(decimals, List.of("1", 2L, 2.345), "c"))
                .isEqualTo(List.of(new BigDecimal("1.00"), new BigDecimal("2.00"), new BigDecimal("2.35")));
        assertThat(TypeText.parse(dev.pando.dag.ColumnId.parse("a:array:set"), Types.sqlName(decimals)))
                .isEqualTo(decimals);
    }
}
