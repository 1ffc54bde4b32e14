package dev.pando.jdbc.wire;

import dev.pando.sql.session.PandoSqlState;
import java.sql.SQLException;

/** Texts that have a form in UTF-8: half of a surrogate pair would silently arrive as a question mark. */
public final class WholeText {
    private WholeText() {}

    /** {@code text}; 22000 when it has half of a surrogate pair. */
    public static String checked(String text) throws SQLException {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                if (!Character.isHighSurrogate(c)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    throw PandoSqlState.DATA_EXCEPTION.exception(
                            "character " + (i + 1) + " of the text is half of a surrogate pair");
                }
                i++;
            }
        }
        return text;
    }
}
