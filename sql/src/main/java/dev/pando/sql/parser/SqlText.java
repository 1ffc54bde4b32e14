package dev.pando.sql.parser;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlDialect;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.dialect.AnsiSqlDialect;
import org.jspecify.annotations.Nullable;

/** Writes statements as text, a word at a time. */
public final class SqlText {
    /** How Pando writes SQL: every name quoted with {@code "}, texts as they are. */
    public static final SqlDialect DIALECT =
            new AnsiSqlDialect(SqlDialect.EMPTY_CONTEXT
                    .withDatabaseProduct(SqlDialect.DatabaseProduct.UNKNOWN)
                    .withIdentifierQuoteString("\"")) {
                @Override
                public void quoteStringLiteral(StringBuilder to, @Nullable String charset, String value) {
                    to.append(quote(value));
                }
            };

    private final StringBuilder text = new StringBuilder();

    /** A text literal. */
    public static String quote(String value) {
        return "'" + value.replace("'", "''") + "'";
    }

    /** A name, quoted. */
    public static String name(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }

    /** The text of an expression or a query. */
    public static String of(SqlNode node) {
        return node.toSqlString(config -> config.withDialect(DIALECT)
                        .withAlwaysUseParentheses(false)
                        .withSelectListItemsOnSeparateLines(false)
                        .withUpdateSetListNewline(false)
                        .withIndentation(0)
                        .withClauseStartsLine(false))
                .getSql()
                .replace('\n', ' ');
    }

    SqlText words(String words) {
        if (words.isEmpty()) {
            return this;
        }
        if (text.length() > 0) {
            text.append(' ');
        }
        text.append(words);
        return this;
    }

    SqlText wordsIf(boolean condition, String words) {
        return condition ? words(words) : this;
    }

    SqlText name(SqlIdentifier identifier) {
        List<String> parts = new ArrayList<>();
        for (String part : identifier.names) {
            parts.add(name(part));
        }
        return words(String.join(".", parts));
    }

    SqlText nameIf(@Nullable SqlIdentifier identifier) {
        return identifier == null ? this : name(identifier);
    }

    SqlText names(List<SqlIdentifier> identifiers) {
        List<String> all = new ArrayList<>();
        for (SqlIdentifier identifier : identifiers) {
            all.add(new SqlText().name(identifier).toString());
        }
        return words(String.join(", ", all));
    }

    SqlText namesInParentheses(List<SqlIdentifier> identifiers) {
        return identifiers.isEmpty() ? this : words("(" + new SqlText().names(identifiers) + ")");
    }

    SqlText node(SqlNode node) {
        return words(of(node));
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
