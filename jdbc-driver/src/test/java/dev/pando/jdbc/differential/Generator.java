package dev.pando.jdbc.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Statements of one seed that mean the same in every standard database: queries and changes over three small tables
 * with NULLs. What databases leave to themselves (ties in an order, division of negative or decimal numbers, where
 * texts sort) is kept out or made unambiguous.
 */
final class Generator {
    /** A column: its name and what its values are. */
    private record Column(String name, Kind kind) {}

    private enum Kind {
        NUMBER,
        TEXT,
        EXACT,
        FLAG
    }

    private static final List<Column> COLUMNS = List.of(
            new Column("id", Kind.NUMBER),
            new Column("a", Kind.NUMBER),
            new Column("b", Kind.NUMBER),
            new Column("t", Kind.TEXT),
            new Column("d", Kind.EXACT),
            new Column("f", Kind.FLAG));

    private static final List<String> TABLES = List.of("t1", "t2", "t3");

    /** A table in a query, by the name that its columns have there. */
    private record Source(String alias) {}

    private final Random random;
    private int aliases;
    private int nextId = 1;

    Generator(long seed) {
        random = new Random(seed);
    }

    List<String> setUp() {
        List<String> statements = new ArrayList<>();
        for (String table : TABLES) {
            statements.add("CREATE TABLE " + table
                    + " (id INT PRIMARY KEY, a INT, b INT, t VARCHAR(20), d DECIMAL(10,2), f BOOLEAN)");
        }
        statements.add("CREATE INDEX t1a ON t1 (a)");
        statements.add("CREATE INDEX t2ab ON t2 (a, b)");
        for (String table : TABLES) {
            for (int i = 0; i < 12; i++) {
                statements.add(insert(table));
            }
        }
        return statements;
    }

    /** The next statement: mostly a query. */
    String next() {
        aliases = 0;
        return switch (random.nextInt(12)) {
            case 0 -> insert(pick(TABLES));
            case 1 -> update();
            case 2 -> random.nextInt(4) == 0 ? delete() : insertSelect();
            default -> query();
        };
    }

    static boolean isQuery(String sql) {
        return sql.startsWith("SELECT") || sql.startsWith("(");
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    // ---- changes

    private String insert(String table) {
        return "INSERT INTO " + table + " (id, a, b, t, d, f) VALUES (" + nextId++ + ", " + literal(Kind.NUMBER) + ", "
                + literal(Kind.NUMBER) + ", " + literal(Kind.TEXT) + ", " + literal(Kind.EXACT) + ", "
                + literal(Kind.FLAG) + ")";
    }

    private String insertSelect() {
        String from = pick(TABLES);
        int base = nextId;
        nextId += 1_000;
        return "INSERT INTO " + pick(TABLES) + " (id, a, b, t, d, f) SELECT x.id + " + base
                + ", x.b, x.a, x.t, x.d, x.f FROM " + from + " x WHERE x.id < 100 AND "
                + condition(List.of(new Source("x")), 1) + " AND x.a = " + random.nextInt(6);
    }

    private String update() {
        String table = pick(TABLES);
        List<Source> self = List.of(new Source(table));
        Column column = COLUMNS.get(1 + random.nextInt(COLUMNS.size() - 1));
        return "UPDATE " + table + " SET " + column.name + " = "
                + (column.kind == Kind.EXACT ? literal(Kind.EXACT) : scalar(column.kind, self, 1)) + " WHERE "
                + condition(self, 2) + " AND " + table + ".id % 3 = " + random.nextInt(3);
    }

    private String delete() {
        String table = pick(TABLES);
        return "DELETE FROM " + table + " WHERE " + condition(List.of(new Source(table)), 1) + " AND " + table
                + ".id % 5 = " + random.nextInt(5);
    }

    // ---- queries

    private String query() {
        return switch (random.nextInt(6)) {
            case 0 -> setOperation();
            case 1, 2 -> grouped();
            case 3 -> limited();
            default -> plain(2 + random.nextInt(3));
        };
    }

    private String plain(int columns) {
        List<Source> sources = new ArrayList<>();
        String from = from(sources);
        StringBuilder sql = new StringBuilder(chance(20) ? "SELECT DISTINCT " : "SELECT ");
        for (int i = 0; i < columns; i++) {
            sql.append(i == 0 ? "" : ", ")
                    .append(scalar(pick(List.of(Kind.values())), sources, 2))
                    .append(" AS c")
                    .append(i);
        }
        sql.append(" FROM ").append(from);
        if (chance(80)) {
            sql.append(" WHERE ").append(condition(sources, 3));
        }
        return sql.toString();
    }

    private String limited() {
        String alias = alias();
        String direction = chance(50) ? " DESC" : "";
        return "SELECT " + alias + ".id, " + alias + ".t FROM " + pick(TABLES) + " " + alias + " WHERE "
                + condition(List.of(new Source(alias)), 2) + " ORDER BY " + alias + ".id" + direction + " LIMIT "
                + random.nextInt(8) + " OFFSET " + random.nextInt(4);
    }

    private String setOperation() {
        List<Kind> kinds = List.of(pick(List.of(Kind.values())), Kind.NUMBER);
        String operator = pick(List.of("UNION", "UNION ALL", "INTERSECT", "EXCEPT"));
        return branch(kinds) + " " + operator + " " + branch(kinds);
    }

    private String branch(List<Kind> kinds) {
        List<Source> sources = new ArrayList<>();
        String from = from(sources);
        StringBuilder sql = new StringBuilder("SELECT ");
        for (int i = 0; i < kinds.size(); i++) {
            sql.append(i == 0 ? "" : ", ").append(column(kinds.get(i), sources));
        }
        return sql.append(" FROM ")
                .append(from)
                .append(" WHERE ")
                .append(condition(sources, 2))
                .toString();
    }

    private String grouped() {
        List<Source> sources = new ArrayList<>();
        String from = from(sources);
        List<String> keys = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            keys.add(column(pick(List.of(Kind.values())), sources));
        }
        StringBuilder sql = new StringBuilder("SELECT ");
        keys.forEach(key -> sql.append(key).append(", "));
        sql.append(aggregate(sources))
                .append(", ")
                .append(aggregate(sources))
                .append(" FROM ")
                .append(from);
        if (chance(60)) {
            sql.append(" WHERE ").append(condition(sources, 2));
        }
        if (!keys.isEmpty()) {
            sql.append(" GROUP BY ").append(String.join(", ", keys));
        }
        if (chance(30)) {
            sql.append(" HAVING ")
                    .append(aggregate(sources))
                    .append(" IS NOT NULL AND COUNT(*) > ")
                    .append(random.nextInt(4));
        }
        return sql.toString();
    }

    private String aggregate(List<Source> sources) {
        return switch (random.nextInt(8)) {
            case 0 -> "COUNT(*)";
            case 1 -> "COUNT(DISTINCT " + column(pick(List.of(Kind.values())), sources) + ")";
            case 2 -> "MIN(" + column(Kind.TEXT, sources) + ")";
            case 3 -> "MAX(" + scalar(Kind.NUMBER, sources, 1) + ")";
            case 4 -> "SUM(" + scalar(Kind.NUMBER, sources, 1) + ")";
            case 5 -> "SUM(DISTINCT " + column(Kind.NUMBER, sources) + ")";
            case 6 -> "SUM(" + column(Kind.EXACT, sources) + ")";
            default -> "COUNT(" + column(pick(List.of(Kind.values())), sources) + ")";
        };
    }

    private String alias() {
        return "x" + aliases++;
    }

    private String from(List<Source> sources) {
        StringBuilder from = new StringBuilder(source(sources));
        int joins = random.nextInt(10) < 5 ? 0 : 1 + random.nextInt(2);
        for (int i = 0; i < joins; i++) {
            String kind = pick(List.of("JOIN", "JOIN", "LEFT JOIN", "RIGHT JOIN", "CROSS JOIN"));
            List<Source> before = List.copyOf(sources);
            String right = source(sources);
            from.append(' ').append(kind).append(' ').append(right);
            if (!kind.equals("CROSS JOIN")) {
                from.append(" ON ").append(joinCondition(before, sources.get(sources.size() - 1)));
            }
        }
        return from.toString();
    }

    private String source(List<Source> sources) {
        String alias = alias();
        if (chance(15)) {
            String inner = alias();
            String text = "(SELECT id, a, b, t, d, f FROM " + pick(TABLES) + " " + inner + " WHERE "
                    + condition(List.of(new Source(inner)), 1) + ") " + alias;
            sources.add(new Source(alias));
            return text;
        }
        sources.add(new Source(alias));
        return pick(TABLES) + " " + alias;
    }

    private String joinCondition(List<Source> left, Source right) {
        Kind kind = pick(List.of(Kind.NUMBER, Kind.NUMBER, Kind.NUMBER, Kind.TEXT, Kind.EXACT));
        String equal = column(kind, left) + " = " + column(kind, List.of(right));
        if (chance(30)) {
            List<Source> all = new ArrayList<>(left);
            all.add(right);
            return equal + " AND " + comparison(all, 1);
        }
        return equal;
    }

    // ---- expressions

    private String column(Kind kind, List<Source> sources) {
        List<Column> fitting = COLUMNS.stream().filter(c -> c.kind == kind).toList();
        return pick(sources).alias + "." + pick(fitting).name;
    }

    private String literal(Kind kind) {
        if (chance(15)) {
            return "NULL";
        }
        return value(kind);
    }

    private String value(Kind kind) {
        return switch (kind) {
            case NUMBER -> String.valueOf(random.nextInt(9) - 2);
            case TEXT -> "'" + pick(List.of("a", "b", "ab", "ba", "abc", "", "x_y")) + "'";
            case EXACT -> (random.nextInt(9) - 2) + "." + random.nextInt(4) + "5";
            case FLAG -> chance(50) ? "TRUE" : "FALSE";
        };
    }

    private String scalar(Kind kind, List<Source> sources, int depth) {
        if (depth == 0 || chance(50)) {
            return column(kind, sources);
        }
        int next = depth - 1;
        return switch (kind) {
            case NUMBER ->
                switch (random.nextInt(6)) {
                    case 0 -> "(" + scalar(kind, sources, next) + " + " + scalar(kind, sources, next) + ")";
                    case 1 -> "(" + scalar(kind, sources, next) + " - " + value(kind) + ")";
                    case 2 -> "(" + column(kind, sources) + " * " + value(kind) + ")";
                    case 3 -> "COALESCE(" + scalar(kind, sources, next) + ", " + value(kind) + ")";
                    case 4 -> "CHAR_LENGTH(" + scalar(Kind.TEXT, sources, next) + ")";
                    default -> scalarQuery(sources);
                };
            case TEXT ->
                switch (random.nextInt(4)) {
                    case 0 -> "UPPER(" + scalar(kind, sources, next) + ")";
                    case 1 -> "(" + scalar(kind, sources, next) + " || " + value(kind) + ")";
                    case 2 -> "COALESCE(" + column(kind, sources) + ", " + value(kind) + ")";
                    default -> choice(kind, sources, next);
                };
            case EXACT ->
                chance(50) ? "(" + column(kind, sources) + " + " + value(kind) + ")" : choice(kind, sources, next);
            case FLAG -> "(" + condition(sources, next) + ")";
        };
    }

    private String choice(Kind kind, List<Source> sources, int depth) {
        return "CASE WHEN " + condition(sources, depth) + " THEN " + column(kind, sources) + " ELSE "
                + column(kind, sources) + " END";
    }

    private String scalarQuery(List<Source> sources) {
        String inner = alias();
        String function =
                pick(List.of("MAX(" + inner + ".a)", "MIN(" + inner + ".id)", "COUNT(*)", "SUM(" + inner + ".b)"));
        String correlated = chance(60) ? " WHERE " + inner + ".b = " + column(Kind.NUMBER, sources) : "";
        return "(SELECT " + function + " FROM " + pick(TABLES) + " " + inner + correlated + ")";
    }

    private String condition(List<Source> sources, int depth) {
        if (depth <= 0) {
            return comparison(sources, 0);
        }
        return switch (random.nextInt(9)) {
            case 0 -> "(" + condition(sources, depth - 1) + " AND " + condition(sources, depth - 1) + ")";
            case 1 -> "(" + condition(sources, depth - 1) + " OR " + condition(sources, depth - 1) + ")";
            case 2 -> "NOT (" + condition(sources, depth - 1) + ")";
            case 3 -> exists(sources);
            case 4 -> membership(sources);
            default -> comparison(sources, depth - 1);
        };
    }

    private String exists(List<Source> sources) {
        String inner = alias();
        return (chance(30) ? "NOT " : "") + "EXISTS (SELECT 1 FROM " + pick(TABLES) + " " + inner + " WHERE " + inner
                + "." + pick(List.of("a", "b", "id")) + " " + pick(List.of("=", "<", ">=")) + " "
                + column(Kind.NUMBER, sources) + ")";
    }

    private String membership(List<Source> sources) {
        String not = chance(35) ? " NOT IN " : " IN ";
        if (chance(50)) {
            Kind kind = pick(List.of(Kind.NUMBER, Kind.TEXT));
            StringBuilder list = new StringBuilder();
            for (int i = 1 + random.nextInt(5); i > 0; i--) {
                list.append(list.isEmpty() ? "" : ", ").append(value(kind));
            }
            return column(kind, sources) + not + "(" + list + ")";
        }
        String inner = alias();
        return scalar(Kind.NUMBER, sources, 0) + not + "(SELECT " + inner + "." + pick(List.of("a", "b", "id"))
                + " FROM "
                + pick(TABLES) + " " + inner + (chance(50) ? " WHERE " + condition(List.of(new Source(inner)), 1) : "")
                + ")";
    }

    private String comparison(List<Source> sources, int depth) {
        Kind kind = pick(List.of(Kind.NUMBER, Kind.NUMBER, Kind.TEXT, Kind.EXACT, Kind.FLAG));
        String operator = pick(List.of("=", "<>", "<", "<=", ">", ">="));
        return switch (random.nextInt(8)) {
            case 0 -> column(kind, sources) + (chance(50) ? " IS NULL" : " IS NOT NULL");
            case 1 ->
                column(Kind.TEXT, sources)
                        + (chance(30) ? " NOT LIKE " : " LIKE ")
                        + pick(List.of("'a%'", "'%b'", "'_b%'", "'%'", "'abc'"));
            case 2 -> column(Kind.NUMBER, sources) + " BETWEEN " + value(Kind.NUMBER) + " AND " + value(Kind.NUMBER);
            case 3 ->
                kind == Kind.FLAG
                        ? column(kind, sources) + " IS NOT TRUE"
                        : column(kind, sources) + " " + operator + " " + column(kind, sources);
            case 4 -> column(Kind.NUMBER, sources) + " " + operator + " " + value(Kind.EXACT);
            default ->
                kind == Kind.FLAG
                        ? column(kind, sources)
                        : scalar(kind, sources, depth) + " " + operator + " " + value(kind);
        };
    }
}
