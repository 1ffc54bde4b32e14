package dev.pando.jdbc.connection;

import java.sql.SQLException;
import java.sql.Savepoint;

/**
 * A savepoint of a connection.
 *
 * @param name as the session knows it
 * @param number of one that the user did not name, else 0
 */
record PandoSavepoint(PandoConnection connection, String name, int number) implements Savepoint {

    @Override
    public int getSavepointId() throws SQLException {
        if (number == 0) {
            throw JdbcErrors.badArgument("the savepoint has a name: " + name);
        }
        return number;
    }

    @Override
    public String getSavepointName() throws SQLException {
        if (number != 0) {
            throw JdbcErrors.badArgument("the savepoint has no name, but the number " + number);
        }
        return name;
    }
}
