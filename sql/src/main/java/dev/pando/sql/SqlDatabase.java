package dev.pando.sql;

import dev.pando.Engine;
import dev.pando.Environment;
import dev.pando.sql.catalog.LocalObjects;
import dev.pando.sql.catalog.SchemaSnapshot;
import dev.pando.sql.catalog.SqlActivity;
import dev.pando.sql.exec.Passwords;
import dev.pando.sql.exec.Plan;
import dev.pando.sql.exec.Statements;
import dev.pando.sql.plan.CancelCheck;
import dev.pando.sql.plan.QueryPlanner;
import dev.pando.sql.session.Database;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.session.Role;
import dev.pando.sql.session.ScramCredentials;
import dev.pando.sql.session.Session;
import dev.pando.sql.session.SessionUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** A database in process: SQL over one engine, which its owner opened and closes. Thread-safe. */
public final class SqlDatabase implements Database, SqlActivity {
    /** Where the first start writes the admin's password, in the root directory. */
    static final String PASSWORD_FILE = "admin.password";

    private final Engine engine;
    private final Environment environment;
    private final LocalObjects objects;
    private final QueryPlanner planner = new QueryPlanner();
    private final Statements statements = new Statements(planner);
    private final Set<SqlSession> sessions = ConcurrentHashMap.newKeySet();
    private final AtomicLong sessionIds = new AtomicLong();
    private final LongAdder statementsRun = new LongAdder();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final PlanCache plans = new PlanCache(statements);
    private volatile @Nullable Versioned current;
    private Environment.@Nullable Threads timers;

    /** Definitions at one point: all that a plan depends on. */
    private record Versioned(long catalog, long local, SchemaSnapshot snapshot) {}

    private SqlDatabase(Engine engine, Environment environment) {
        this.engine = engine;
        this.environment = environment;
        this.objects = new LocalObjects(engine.localRecords());
    }

    /**
     * SQL over {@code engine}. The first one over a directory makes the user {@code admin} and writes its password to
     * {@code admin.password} there, readable by its owner alone.
     *
     * @param environment the engine's: time and randomness
     */
    public static SqlDatabase over(Engine engine, Environment environment) throws SQLException {
        SqlDatabase database = new SqlDatabase(engine, environment);
        try {
            database.makeAdmin();
        } catch (RuntimeException e) {
            throw Errors.of(e);
        }
        return database;
    }

    private void makeAdmin() throws SQLException {
        String root = engine.info().rootDirectory().orElse(null);
        if (root == null || !objects.users().isEmpty()) {
            return;
        }
        String password = Passwords.random(environment);
        Path file = Path.of(root, PASSWORD_FILE);
        try {
            Files.deleteIfExists(file);
            if (Files.getFileStore(file.getParent()).supportsFileAttributeView("posix")) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            Files.writeString(file, password + "\n", StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw PandoSqlState.IO_ERROR.exception("cannot write " + file + ": " + e.getMessage(), e);
        }
        objects.putUser(Passwords.credentials(new SessionUser("admin", Role.ADMIN), password, environment));
    }

    @Override
    public Session openSession(SessionUser user) throws SQLException {
        if (closed.get()) {
            throw PandoSqlState.CONNECTION_REFUSED.exception("the database is closed");
        }
        SqlSession session = new SqlSession(this, user);
        sessions.add(session);
        return session;
    }

    @Override
    public @Nullable ScramCredentials credentials(String userName) throws SQLException {
        try {
            return objects.user(userName).orElse(null);
        } catch (RuntimeException e) {
            throw Errors.of(e);
        }
    }

    @Override
    public String version() {
        String version = SqlDatabase.class.getPackage().getImplementationVersion();
        return version == null ? "0.1.0" : version.replace("-SNAPSHOT", "");
    }

    @Override
    public void close() throws SQLException {
        if (closed.compareAndSet(false, true)) {
            for (SqlSession session : new ArrayList<>(sessions)) {
                session.close();
            }
            closeTimers();
        }
    }

    private synchronized void closeTimers() {
        if (timers != null) {
            timers.close();
            timers = null;
        }
    }

    /** Runs {@code task} after {@code delay}, unless the database is closed before; the result takes it back. */
    synchronized Runnable schedule(Duration delay, Runnable task) {
        if (closed.get()) {
            return () -> {};
        }
        if (timers == null) {
            timers = environment.newThreads("sql");
        }
        return timers.schedule(delay, task);
    }

    Engine engine() {
        return engine;
    }

    Environment environment() {
        return environment;
    }

    LocalObjects objects() {
        return objects;
    }

    Statements statements() {
        return statements;
    }

    void forget(SqlSession session) {
        sessions.remove(session);
    }

    long nextSessionId() {
        return sessionIds.incrementAndGet();
    }

    /** A statement began. */
    void count() {
        statementsRun.increment();
    }

    @Override
    public List<SessionInfo> sessions() {
        return sessions.stream()
                .map(SqlSession::info)
                .sorted(Comparator.comparingLong(SessionInfo::id))
                .toList();
    }

    @Override
    public Map<String, Long> counters() {
        Map<String, Long> counters = new LinkedHashMap<>();
        counters.put("sql.sessions", (long) sessions.size());
        counters.put("sql.sessions.opened", sessionIds.get());
        counters.put("sql.statements", statementsRun.sum());
        counters.put("sql.plans.cached", plans.hits());
        counters.put("sql.plans.made", plans.misses());
        counters.put("engine.commit.sequence", engine.info().commitSequence());
        return counters;
    }

    /** The names as they stand now; the same object until one changes. */
    SchemaSnapshot snapshot() {
        long catalog = engine.catalog().version();
        long local = objects.version();
        Versioned known = current;
        if (known == null || known.catalog != catalog || known.local != local) {
            known = new Versioned(catalog, local, new SchemaSnapshot(engine, objects, planner, this));
            current = known;
        }
        return known.snapshot;
    }

    /** The plan of a text, made or from the cache. */
    Plan plan(String sql, String schema, SchemaSnapshot snapshot, CancelCheck cancel) throws SQLException {
        return plans.plan(sql, schema, snapshot, cancel);
    }
}
