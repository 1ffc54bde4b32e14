package dev.pando.sql.parser;

import dev.pando.sql.parser.impl.PandoParserImpl;
import dev.pando.sql.parser.impl.ParseException;
import dev.pando.sql.parser.impl.Token;
import dev.pando.sql.parser.impl.TokenMgrError;
import dev.pando.sql.session.PandoSqlState;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.calcite.avatica.util.Casing;
import org.apache.calcite.avatica.util.Quoting;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlAbstractParserImpl;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParser;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.validate.SqlConformance;
import org.apache.calcite.sql.validate.SqlConformanceEnum;
import org.apache.calcite.sql.validate.SqlDelegatingConformance;
import org.apache.calcite.util.SourceStringReader;
import org.jspecify.annotations.Nullable;

/** Parses one statement. Every failure is a 42601 that says where and what was expected. Thread-safe. */
public final class PandoParser {
    /** The leniencies of the dialect, for the parser and the validator alike. */
    public static final SqlConformance CONFORMANCE = new SqlDelegatingConformance(SqlConformanceEnum.LENIENT) {
        @Override
        public boolean checkedArithmetic() {
            return true;
        }
    };

    /** Longest name, in characters. */
    public static final int NAME_MAX = 128;

    /** Longest statement, in characters: 4 Mi; beyond, 54000. */
    public static final int TEXT_MAX = 4 << 20;

    /** Expected words that a message lists at most. */
    private static final int EXPECTED_MAX = 12;

    private static final String NAME = "a name";
    private static final String TOO_DEEP = "the statement is nested too deeply: it has too many operators or brackets";

    private static final SqlParser.Config CONFIG = SqlParser.config()
            .withParserFactory(PandoParserImpl.FACTORY)
            .withQuoting(Quoting.DOUBLE_QUOTE)
            .withUnquotedCasing(Casing.UNCHANGED)
            .withQuotedCasing(Casing.UNCHANGED)
            .withCaseSensitive(false)
            .withIdentifierMaxLength(NAME_MAX)
            .withConformance(CONFORMANCE);

    private static final Pattern CALL_ESCAPE =
            Pattern.compile("\\s*\\{(\\s*\\?\\s*=)?\\s*(call\\b.*)\\}\\s*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private static final Pattern RESERVED = Pattern.compile("Incorrect syntax near the keyword '(.*?)'.*");

    /** What goes on with an expression. */
    private static final Set<String> OPERATORS = Set.copyOf(Arrays.asList(
            ("! != !~ % & * + - . / : :: < << <= <> = > >= [ ^ | || ~ ( AND OR NOT BETWEEN IN IS LIKE ILIKE RLIKE"
                            + " SIMILAR MEMBER MULTISET SUBMULTISET FORMAT CONTAINS OVERLAPS PRECEDES SUCCEEDS IMMEDIATELY EQUALS"
                            + " WITHIN FILTER OVER IGNORE RESPECT <=> ! DIV")
                    .split(" ")));

    private static final Set<String> PRIVILEGES = Set.of("ALL", "ALTER", "DELETE", "INSERT", "SELECT", "UPDATE");

    private static final Pattern LEXICAL = Pattern.compile("Lexical error.*?Encountered: (\\S+).*");

    private PandoParser() {}

    /** Parses one statement; a trailing semicolon and the JDBC escape <code>{call …}</code> are accepted. */
    public static SqlNode parse(String sql) throws SQLException {
        if (sql.length() > TEXT_MAX) {
            throw PandoSqlState.TOO_LARGE.exception("a statement has at most " + TEXT_MAX + " characters");
        }
        String text = withoutEscape(sql);
        return guarded(text, parser -> parser.parseStmt());
    }

    /** Parses a scalar expression. */
    public static SqlNode parseExpression(String sql) throws SQLException {
        return guarded(sql, parser -> parser.parseExpression());
    }

    private interface Parse {
        SqlNode with(SqlParser parser) throws SqlParseException;
    }

    private static SqlNode guarded(String text, Parse parse) throws SQLException {
        try {
            return parse.with(SqlParser.create(text, CONFIG));
        } catch (SqlParseException e) {
            throw syntax(e, text);
        } catch (GrammarException e) {
            throw syntax(e.getMessage(), e.position(), e);
        } catch (CalciteContextException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw syntax(String.valueOf(cause.getMessage()), new SqlParserPos(e.getPosLine(), e.getPosColumn()), e);
        } catch (StackOverflowError e) {
            throw PandoSqlState.TOO_LARGE.exception(TOO_DEEP, e);
        } catch (RuntimeException | AssertionError e) {
            throw PandoSqlState.SYNTAX.exception("the statement cannot be parsed: " + e.getMessage(), e);
        }
    }

    private static String withoutEscape(String sql) {
        int end = sql.length();
        while (end > 0 && (Character.isWhitespace(sql.charAt(end - 1)) || sql.charAt(end - 1) == ';')) {
            end--;
        }
        String text = sql.substring(0, end);
        Matcher escape = CALL_ESCAPE.matcher(text);
        return escape.matches() ? " ".repeat(escape.start(2)) + escape.group(2) : text;
    }

    private static SQLException syntax(SqlParseException e, String text) {
        if (e.getCause() instanceof GrammarException grammar) {
            return syntax(grammar.getMessage(), grammar.position(), grammar);
        }
        Throwable root = e;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        if (root instanceof GrammarException grammar) {
            return syntax(grammar.getMessage(), grammar.position(), grammar);
        }
        if (root instanceof StackOverflowError) {
            return PandoSqlState.TOO_LARGE.exception(TOO_DEEP, e);
        }
        String message = String.valueOf(e.getMessage());
        int cut = message.indexOf('\n');
        String first = (cut < 0 ? message : message.substring(0, cut)).strip();
        if (root instanceof ParseException parse && parse.currentToken != null) {
            return unexpected(parse, e);
        }
        ParseException again = RESERVED.matcher(first).matches() ? withTokens(e, text) : null;
        if (again != null) {
            return unexpected(again, e);
        }
        String what = first.contains("Non-query expression") ? "a statement or a query is expected" : first;
        Matcher lexical = LEXICAL.matcher(first);
        if (lexical.matches()) {
            what = lexical.group(1).equals("<EOF>")
                    ? "the comment that begins with /* does not end: its */ is missing"
                    : "the character " + lexical.group(1) + " has no meaning here";
        }
        return syntax(what, e.getPos(), e);
    }

    /* Calcite drops the words of the text where the first is a reserved one, though that may not be the wrong one. */
    private static @Nullable ParseException withTokens(SqlParseException e, String text) {
        PandoParserImpl words = (PandoParserImpl) PandoParserImpl.FACTORY.getParser(new SourceStringReader(text));
        words.setTabSize(1);
        words.switchTo(SqlAbstractParserImpl.LexicalState.DQID);
        Token before = new Token();
        int[][] expected = e.getExpectedTokenSequences();
        String[] images = e.getTokenImages();
        SqlParserPos place = e.getPos();
        if (expected == null || images == null || place == null) {
            return null;
        }
        Token last = before;
        try {
            for (Token each = words.getNextToken(); ; each = words.getNextToken()) {
                boolean begun = before.next != null
                        || each.beginLine == place.getLineNum() && each.beginColumn == place.getColumnNum();
                if (begun) {
                    last.next = each;
                    last = each;
                }
                if (each.kind == 0) {
                    break;
                }
            }
        } catch (TokenMgrError beyond) {
            /* What is wrong stands before it. */
            last.next = null;
        }
        return before.next == null ? null : new ParseException(before, expected, images);
    }

    /* The sequences begin at the first word not yet taken; the word at fault is the first that fits none of them. */
    private static SQLException unexpected(ParseException parse, SqlParseException e) {
        Token wrong = parse.currentToken.next;
        int depth = 0;
        while (wrong != null && wrong.next != null && fits(parse, depth)) {
            wrong = wrong.next;
            depth++;
        }
        if (wrong == null) {
            return syntax(String.valueOf(e.getMessage()), e.getPos(), e);
        }
        TreeSet<String> names = expected(parse, depth);
        if (depth > 0 && expected(parse, 0).containsAll(PRIVILEGES)) {
            /* What may be the name of a role, and is likelier a privilege that there is not. */
            wrong = parse.currentToken.next;
            names = new TreeSet<>(PRIVILEGES);
            names.add("a role");
        }
        if (wrong.image.equals("'") || wrong.image.equals("\"")) {
            String opened = wrong.image.equals("'") ? "text" : "name";
            return syntax(
                    "the " + opened + " that begins here does not end: its second " + wrong.image + " is missing",
                    new SqlParserPos(wrong.beginLine, wrong.beginColumn),
                    e);
        }
        String what = wrong.kind == 0 ? "the statement ends too early" : "unexpected \"" + wrong.image + "\"";
        if (wrong.image.equals(";")) {
            what += ": one statement is run at a time, and this ends one";
        }
        boolean word = wrong.image.matches("[A-Za-z_]+") && parse.tokenImage[wrong.kind].startsWith("\"");
        if (word && names.contains(NAME)) {
            what += ", which is a reserved word (as a name it needs quotes)";
        }
        return syntax(
                names.isEmpty() ? what : what + "; expected " + list(names),
                new SqlParserPos(wrong.beginLine, wrong.beginColumn),
                e);
    }

    private static TreeSet<String> expected(ParseException parse, int depth) {
        TreeSet<String> names = new TreeSet<>();
        for (int[] sequence : parse.expectedTokenSequences) {
            if (sequence.length > depth && matches(parse, sequence, depth)) {
                String name = readable(parse.tokenImage[sequence[depth]]);
                if (!name.startsWith("<L") && !name.equals("/*+")) {
                    names.add(name);
                }
            }
        }
        return names;
    }

    private static boolean fits(ParseException parse, int depth) {
        for (int[] sequence : parse.expectedTokenSequences) {
            if (sequence.length > depth + 1 && matches(parse, sequence, depth + 1)) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(ParseException parse, int[] sequence, int length) {
        Token token = parse.currentToken.next;
        for (int i = 0; i < length; i++) {
            if (token == null || token.kind != sequence[i]) {
                return false;
            }
            token = token.next;
        }
        return true;
    }

    private static String list(TreeSet<String> given) {
        TreeSet<String> names = new TreeSet<>(given);
        if (given.containsAll(List.of("(", "CASE", "CAST"))) {
            return "an expression";
        }
        if (given.containsAll(List.of("<", "AND"))) {
            names.removeAll(OPERATORS);
            names.add("an operator");
        }
        String all = names.stream().limit(EXPECTED_MAX).collect(Collectors.joining(", "));
        String one = names.size() == 1 ? "" : "one of ";
        return names.size() <= EXPECTED_MAX ? one + all : one + all + ", … (" + names.size() + " in all)";
    }

    private static String readable(String token) {
        String name = token.replace("\"", "");
        if (name.contains("IDENTIFIER")) {
            return NAME;
        }
        if (name.contains("STRING")) {
            return "a text";
        }
        if (name.contains("NUMERIC") || name.contains("INTEGER_LITERAL")) {
            return "a number";
        }
        return name.equals("<EOF>") ? "the end" : name.toUpperCase(Locale.ROOT);
    }

    private static SQLException syntax(
            @Nullable String message, @Nullable SqlParserPos position, @Nullable Throwable cause) {
        String place = position == null || position.getLineNum() <= 0
                ? ""
                : "line " + position.getLineNum() + ", column " + position.getColumnNum() + ": ";
        return PandoSqlState.SYNTAX.exception(place + message, cause);
    }
}
