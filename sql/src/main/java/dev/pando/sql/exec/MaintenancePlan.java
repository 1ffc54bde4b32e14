package dev.pando.sql.exec;

import dev.pando.Maintenance;
import dev.pando.sql.catalog.SystemSetting;
import dev.pando.sql.parser.UtilityStatement;
import dev.pando.sql.session.ColumnMeta;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.session.Result;
import dev.pando.sql.session.SqlType;
import dev.pando.sql.session.StatementKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** CHECK DATABASE, COMPACT DATABASE, BACKUP TO, ALTER SYSTEM SET: an admin's. At once; the transaction goes on. */
record MaintenancePlan(UtilityStatement statement) implements Plan.OfSession {
    /** Where files that SQL names lie, in the root directory. */
    private static final String EXCHANGE = "exchange";

    private static final List<ColumnMeta> CHECKED = List.of(
            ColumnMeta.of("transactions", SqlType.BIGINT),
            ColumnMeta.of("blocks", SqlType.BIGINT),
            ColumnMeta.of("bytes", SqlType.BIGINT),
            ColumnMeta.of("problem", SqlType.VARCHAR));

    private static final List<ColumnMeta> COMPACTED = List.of(
            ColumnMeta.of("segments", SqlType.BIGINT),
            ColumnMeta.of("blocks", SqlType.BIGINT),
            ColumnMeta.of("bytes_before", SqlType.BIGINT),
            ColumnMeta.of("bytes_after", SqlType.BIGINT));

    @Override
    public StatementKind kind() {
        return StatementKind.CONTROL;
    }

    @Override
    public List<ColumnMeta> columns() {
        if (statement instanceof UtilityStatement.CompactDatabase) {
            return COMPACTED;
        }
        return statement instanceof UtilityStatement.CheckDatabase ? CHECKED : List.of();
    }

    @Override
    public Result run(SessionControl session, @Nullable Object[] parameters) throws SQLException {
        RightsPlan.requireAdmin(session);
        if (statement instanceof UtilityStatement.CheckDatabase) {
            return check(session.engine().maintenance().check(session.cancellation()));
        }
        if (statement instanceof UtilityStatement.CompactDatabase) {
            Maintenance.Compacted done = session.engine().maintenance().compact(session.cancellation());
            return Results.rows(COMPACTED, List.<@Nullable Object[]>of(new @Nullable Object[] {
                (long) done.segments(), done.blocks(), done.bytesBefore(), done.bytesAfter()
            }));
        }
        if (statement instanceof UtilityStatement.Backup backup) {
            session.engine().maintenance().backupTo(directory(session, backup.path()), session.cancellation());
        } else if (statement instanceof UtilityStatement.SetSetting setting) {
            set(session, setting);
        }
        return Results.NONE;
    }

    /* A row for each problem; one row without when there is none. */
    private static Result check(Maintenance.Report report) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (String problem : report.problems()) {
            rows.add(new Object[] {report.transactions(), report.blocks(), report.bytes(), problem});
        }
        if (rows.isEmpty()) {
            rows.add(new @Nullable Object[] {report.transactions(), report.blocks(), report.bytes(), null});
        }
        return Results.rows(CHECKED, rows);
    }

    private static Path directory(SessionControl session, String text) throws SQLException {
        String root = session.engine()
                .info()
                .rootDirectory()
                .orElseThrow(() -> PandoSqlState.NOT_SUPPORTED.exception(
                        "BACKUP TO writes below the root directory, and a database in memory has none"));
        Path exchange = Path.of(root).toAbsolutePath().normalize().resolve(EXCHANGE);
        try {
            Path target = exchange.resolve(text).normalize();
            if (!target.startsWith(exchange) || target.equals(exchange)) {
                throw PandoSqlState.NO_PRIVILEGE.exception(
                        "'" + text + "' is not below " + exchange + ": expected a relative path such as 'monday'");
            }
            Files.createDirectories(target);
            return target;
        } catch (InvalidPathException e) {
            throw PandoSqlState.BAD_PARAMETER_VALUE.exception("'" + text + "' is not a path: " + e.getMessage(), e);
        } catch (IOException e) {
            throw PandoSqlState.IO_ERROR.exception("cannot make " + text + " below " + exchange + ": " + e, e);
        }
    }

    private static void set(SessionControl session, UtilityStatement.SetSetting set) throws SQLException {
        SystemSetting setting = SystemSetting.of(set.name().getSimple(), NameResolver.place(set.name()));
        String value = set.value();
        if (setting == SystemSetting.NODE_NUMBER) {
            if (value == null) {
                throw PandoSqlState.BAD_PARAMETER_VALUE.exception(
                        NameResolver.place(set.name()) + "a node number that was set by hand stays by hand");
            }
            session.engine().keys().setNodeNumber((int) setting.parse(value));
        } else if (setting == SystemSetting.AUTO_CREATE) {
            session.engine().replication().setAutoCreate(value != null && setting.parse(value) == 1);
        } else {
            session.objects().setting(setting, value == null ? null : Long.toString(setting.parse(value)));
        }
    }
}
