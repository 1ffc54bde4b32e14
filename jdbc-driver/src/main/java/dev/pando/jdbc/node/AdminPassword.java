package dev.pando.jdbc.node;

import dev.pando.sql.session.PandoSqlState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;

/** The file in a node's directory that tells the random password of the user {@code admin} to who may read it. */
public final class AdminPassword {
    /** Made at the node's first start, readable by its owner alone. */
    public static final String FILE = "admin.password";

    private AdminPassword() {}

    /** What the file says. */
    public static String read(Path file) throws SQLException {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw PandoSqlState.IO_ERROR.exception("cannot read the password in " + file + ": " + e.getMessage(), e);
        }
    }
}
