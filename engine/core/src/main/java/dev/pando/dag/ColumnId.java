package dev.pando.dag;

import dev.pando.ColumnType;
import dev.pando.ColumnType.Family;
import dev.pando.MergeKind;
import dev.pando.ipld.DecodeException;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The id of a column: {@code <folded name>:<type family>:<merge kind>} (docs/rules.md §3). It fixes for ever how the
 * column's values are encoded and merged; merging asks nothing else.
 *
 * @param scale digits after the point of a decimal, else 0
 * @param op name of the op that this column takes
 */
public record ColumnId(String text, String name, Family family, int scale, Op op) {

    /** UTF-8 bytes of an id at most; a longer one makes its block invalid. */
    public static final int BYTES_MAX = 1_024;

    /** Digits after the point of a decimal at most. */
    public static final int SCALE_MAX = 38;

    /** Parsed ids kept for reuse. When full the map is emptied: parsing again is cheap. */
    private static final int PARSED_MAX = 4_096;

    private static final Map<String, ColumnId> PARSED = new ConcurrentHashMap<>();

    private static final Map<String, Family> FAMILIES = families();

    /** The kinds of op, by their name in blocks. */
    public enum Op {
        SET("set"),
        ADD("add"),
        MAX("max"),
        MIN("min"),
        ELEMENTS("elements");

        private final String text;

        Op(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }

        static @Nullable Op parse(String text) {
            for (Op op : values()) {
                if (op.text.equals(text)) {
                    return op;
                }
            }
            return null;
        }
    }

    /**
     * Takes an id of a block apart.
     *
     * @throws DecodeException when it is none, or pairs a family with an op that it does not have
     */
    public static ColumnId parse(String text) {
        ColumnId known = PARSED.get(text);
        if (known != null) {
            return known;
        }
        ColumnId parsed = parseNew(text);
        if (PARSED.size() >= PARSED_MAX) {
            PARSED.clear();
        }
        PARSED.put(text, parsed);
        return parsed;
    }

    /** The id of a column made with this name, type and merge kind. */
    public static ColumnId of(String name, ColumnType type, MergeKind merge) {
        return parse(fold(name) + ":" + type.familyText() + ":" + merge.op());
    }

    /** Names that fold to one text are one name: NFC, then lower case of the root locale. */
    public static String fold(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    }

    /** Whether columns of {@code family} may take {@code op}: docs/formats/types.md. */
    public static boolean allows(Family family, Op op) {
        return switch (op) {
            case SET, ELEMENTS -> true;
            case ADD -> family == Family.INT || family == Family.DEC;
            case MAX, MIN -> family != Family.JSON && family != Family.ARRAY;
        };
    }

    private static ColumnId parseNew(String text) {
        int opAt = text.lastIndexOf(':');
        int familyAt = opAt < 0 ? -1 : text.lastIndexOf(':', opAt - 1);
        if (familyAt < 1 || text.length() > BYTES_MAX) {
            throw new DecodeException("no column id: '" + abbreviate(text) + "', expected name:family:op");
        }
        String familyText = text.substring(familyAt + 1, opAt);
        int scale = 0;
        Family family = FAMILIES.get(familyText);
        if (family == null || family == Family.DEC) {
            scale = scale(familyText);
            family = scale < 0 ? null : Family.DEC;
        }
        Op op = Op.parse(text.substring(opAt + 1));
        if (family == null || op == null || !allows(family, op)) {
            throw new DecodeException("column id with an unknown family or op: '" + abbreviate(text) + "'");
        }
        return new ColumnId(text, text.substring(0, familyAt), family, scale, op);
    }

    /** The scale of {@code dec<scale>} in its shortest digits, −1 for anything else. */
    private static int scale(String familyText) {
        String digits = familyText.startsWith("dec") ? familyText.substring(3) : "";
        if (digits.isEmpty() || digits.length() > 2 || (digits.length() == 2 && digits.charAt(0) == '0')) {
            return -1;
        }
        int scale = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            scale = scale * 10 + digit;
        }
        return scale <= SCALE_MAX ? scale : -1;
    }

    private static Map<String, Family> families() {
        Map<String, Family> families = new HashMap<>();
        for (Family family : Family.values()) {
            if (family != Family.DEC) {
                families.put(new ColumnType(family, family.name(), -1, 0).familyText(), family);
            }
        }
        return Map.copyOf(families);
    }

    private static String abbreviate(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ColumnId that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
