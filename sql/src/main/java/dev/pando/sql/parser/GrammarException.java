package dev.pando.sql.parser;

import org.apache.calcite.sql.parser.SqlParserPos;

/** A text whose words fit the grammar and whose meaning does not; {@link PandoParser} makes a 42601 of it. */
public final class GrammarException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient SqlParserPos position;

    public GrammarException(String message, SqlParserPos position) {
        super(message);
        this.position = position;
    }

    public SqlParserPos position() {
        return position;
    }
}
