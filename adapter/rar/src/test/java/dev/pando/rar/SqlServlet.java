package dev.pando.rar;

import jakarta.annotation.Resource;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.transaction.UserTransaction;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.ref.WeakReference;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;

/**
 * The application of the tests: runs the SQL of the request's body, a statement a line, and answers with the rows, or
 * with the error. {@code ?transaction=commit} or {@code rollback} runs them in one transaction of the server; {@code
 * ?books=FROM-TO} inserts books through one prepared statement instead; {@code ?jndi} names another data source than the
 * application's own.
 */
@WebServlet("/sql")
public class SqlServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Resource
    private transient UserTransaction transaction;

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String end = request.getParameter("transaction");
        String books = request.getParameter("books");
        PrintWriter out = response.getWriter();
        try {
            if (end != null) {
                transaction.begin();
            }
            try (Connection connection =
                    dataSource(request.getParameter("jndi")).getConnection()) {
                remember(connection);
                if (books != null) {
                    insertBooks(connection, books);
                } else {
                    for (String sql : request.getReader().lines().toList()) {
                        run(connection, sql, out);
                    }
                }
            } finally {
                if ("commit".equals(end)) {
                    transaction.commit();
                } else if (end != null) {
                    transaction.rollback();
                }
            }
        } catch (Exception failed) {
            log("the request failed", failed);
            response.setStatus(500);
            out.println(
                    failed instanceof SQLException sql
                            ? sql.getSQLState() + " " + sql.getMessage()
                            : failed.toString());
        }
    }

    private static DataSource dataSource(String name) throws NamingException {
        return InitialContext.doLookup(name == null ? "java:app/jdbc/Pando" : name);
    }

    private static void run(Connection connection, String sql, PrintWriter out) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return;
            }
            try (ResultSet rows = statement.getResultSet()) {
                while (rows.next()) {
                    for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
                        out.print((column > 1 ? "|" : "") + rows.getString(column));
                    }
                    out.println();
                }
            }
        }
    }

    /** Book n has n likes, counted one after the other, as readers would give them. */
    private static void insertBooks(Connection connection, String range) throws SQLException {
        int from = Integer.parseInt(range.substring(0, range.indexOf('-')));
        int to = Integer.parseInt(range.substring(range.indexOf('-') + 1));
        try (PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO Books (isbn, title, likes) VALUES (?, ?, ?)");
                PreparedStatement like =
                        connection.prepareStatement("UPDATE Books SET likes = likes + 1 WHERE isbn = ?")) {
            for (int book = from; book <= to; book++) {
                String isbn = String.format("isbn-%03d", book);
                insert.setString(1, isbn);
                insert.setString(2, "Book " + book);
                insert.setLong(3, book - 1);
                insert.executeUpdate();
                like.setString(1, isbn);
                like.executeUpdate();
            }
        }
    }

    /* Where the probe finds it, without keeping it alive. */
    @SuppressWarnings("unchecked")
    private static synchronized void remember(Connection connection) {
        var loaders = (List<WeakReference<ClassLoader>>)
                System.getProperties().computeIfAbsent(ProbeServlet.LOADERS, none -> new CopyOnWriteArrayList<>());
        ClassLoader loader = Proxy.getInvocationHandler(connection).getClass().getClassLoader();
        if (loaders.stream().noneMatch(known -> known.refersTo(loader))) {
            loaders.add(new WeakReference<>(loader));
        }
    }
}
