package dev.pando.jdbc.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;

/** Reads files of SQL: texts in UTF-8, with or without the mark that some editors put before them. */
final class SqlFile {
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private SqlFile() {}

    /** The text of {@code file}; what cannot be read as one is refused with 58030. */
    static String read(Path file) throws SQLException {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
                    .toString();
            return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw unreadable(file, "it is no text in UTF-8", e);
        } catch (NoSuchFileException e) {
            throw unreadable(file, "there is no such file", e);
        } catch (AccessDeniedException e) {
            throw unreadable(file, "permission denied", e);
        } catch (IOException e) {
            throw unreadable(file, String.valueOf(e.getMessage()), e);
        }
    }

    private static SQLException unreadable(Path file, String why, IOException cause) {
        return new SQLException("cannot read " + file + ": " + why, "58030", cause);
    }
}
