package dev.pando.jdbc.server;

import dev.pando.jdbc.wire.Messages;
import dev.pando.jdbc.wire.RowPacker;
import dev.pando.jdbc.wire.proto.BatchExecuted;
import dev.pando.jdbc.wire.proto.Command;
import dev.pando.jdbc.wire.proto.Done;
import dev.pando.jdbc.wire.proto.Execute;
import dev.pando.jdbc.wire.proto.ExecuteBatch;
import dev.pando.jdbc.wire.proto.Executed;
import dev.pando.jdbc.wire.proto.Fetch;
import dev.pando.jdbc.wire.proto.PreparedStatement;
import dev.pando.jdbc.wire.proto.Request;
import dev.pando.jdbc.wire.proto.Response;
import dev.pando.jdbc.wire.proto.Warnings;
import dev.pando.sql.session.BatchResult;
import dev.pando.sql.session.Isolation;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.session.Result;
import dev.pando.sql.session.Session;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns requests into calls of a session, and what these give into responses. One thread. */
final class RequestHandler implements AutoCloseable {
    /** Bytes of parameters of one batch that may come in several requests; 54000 beyond. */
    static final long BATCH_BYTES_MAX = 128L * 1024 * 1024;

    private static final System.Logger LOG = System.getLogger(RequestHandler.class.getName());

    private final Session session;
    private final OpenStatements statements;
    private final OpenResults results;
    private final List<@Nullable Object[]> pendingBatch = new ArrayList<>();
    private long pendingBatchBytes;

    RequestHandler(Session session) {
        this.session = session;
        statements = new OpenStatements(session);
        results = new OpenResults();
    }

    /** The response to any request, also to one that fails. */
    Response handle(Request request) {
        Response.Builder response = Response.newBuilder();
        try {
            release(request);
            run(request, response);
        } catch (SQLException e) {
            response.setError(Messages.error(e));
        } catch (RuntimeException | AssertionError | StackOverflowError e) {
            LOG.log(Level.ERROR, "a fault in Pando while it ran a SQL request", e);
            response.setError(Messages.error(PandoSqlState.INTERNAL.exception("a fault in Pando: " + e, e)));
        }
        try {
            response.setState(Messages.state(session));
        } catch (SQLException e) {
            response.setError(Messages.error(e));
        }
        return response.build();
    }

    private void release(Request request) throws SQLException {
        for (long id : request.getReleaseResultsList()) {
            results.close(id);
        }
        for (long id : request.getReleaseStatementsList()) {
            statements.close(id);
        }
    }

    private void run(Request request, Response.Builder response) throws SQLException {
        switch (request.getBodyCase()) {
            case PREPARE ->
                response.setPrepared(
                        statements.prepare(request.getPrepare().getSql()).describe());
            case EXECUTE -> response.setExecuted(execute(request.getExecute()));
            case EXECUTE_BATCH -> executeBatch(request.getExecuteBatch(), response);
            case FETCH -> {
                Fetch fetch = request.getFetch();
                response.setRows(results.fetch(fetch.getResultId(), fetch.getRows()));
            }
            case COMMAND -> command(request.getCommand(), response);
            default ->
                throw PandoSqlState.PROTOCOL_VIOLATION.exception(
                        "a request of kind " + request.getBodyCase() + " has no place here");
        }
    }

    private Executed execute(Execute execute) throws SQLException {
        Executed.Builder executed = Executed.newBuilder();
        OpenStatements.Entry entry = statement(execute, executed);
        try {
            Result result = session.execute(
                    entry.prepared(),
                    RowPacker.unpackParameters(execute.getParameters()),
                    Messages.executeOptions(execute.getOptions(), execute.getFirstRows()));
            executed.setUpdateCount(result.updateCount());
            result.warnings().forEach(w -> executed.addWarnings(Messages.warning(w)));
            Result keys = result.generatedKeys();
            if (keys != null) {
                executed.setGeneratedKeys(results.open(keys, null, 0));
            }
            if (result.updateCount() < 0) {
                executed.setResultSet(results.open(result, execute.hasSql() ? null : entry, execute.getFirstRows()));
            } else {
                result.close();
            }
            return executed.build();
        } catch (SQLException | RuntimeException e) {
            if (executed.hasPrepared()) {
                statements.close(entry.id());
            }
            throw e;
        } finally {
            if (execute.hasSql()) {
                statements.close(entry.id());
            }
        }
    }

    private OpenStatements.Entry statement(Execute execute, Executed.Builder executed) throws SQLException {
        if (execute.hasStatementId()) {
            return statements.get(execute.getStatementId());
        }
        if (execute.hasSql()) {
            return statements.prepare(execute.getSql());
        }
        OpenStatements.Entry entry = statements.prepare(execute.getSqlToKeep());
        executed.setPrepared(entry.describe());
        return entry;
    }

    private void executeBatch(ExecuteBatch batch, Response.Builder response) throws SQLException {
        if (!batch.getContinued()) {
            forgetBatch();
        }
        for (var packed : batch.getParameterRowsList()) {
            pendingBatchBytes += packed.size();
            if (pendingBatchBytes > BATCH_BYTES_MAX) {
                forgetBatch();
                throw PandoSqlState.TOO_LARGE.exception(
                        "the parameters of one batch are over " + BATCH_BYTES_MAX + " bytes");
            }
            pendingBatch.add(RowPacker.unpackParameters(packed));
        }
        if (batch.getMore()) {
            response.setDone(Done.getDefaultInstance());
            return;
        }
        List<@Nullable Object[]> rows = new ArrayList<>(pendingBatch);
        forgetBatch();
        PreparedStatement prepared = null;
        OpenStatements.Entry entry;
        if (batch.hasStatementId()) {
            entry = statements.get(batch.getStatementId());
        } else {
            entry = statements.prepare(batch.getSqlToKeep());
            prepared = entry.describe();
        }
        try {
            BatchResult result =
                    session.executeBatch(entry.prepared(), rows, Messages.executeOptions(batch.getOptions(), 0));
            BatchExecuted.Builder executed =
                    BatchExecuted.newBuilder().addAllUpdateCounts(Messages.boxed(result.updateCounts()));
            result.warnings().forEach(w -> executed.addWarnings(Messages.warning(w)));
            Result keys = result.generatedKeys();
            if (keys != null) {
                executed.setGeneratedKeys(results.open(keys, null, 0));
            }
            if (prepared != null) {
                executed.setPrepared(prepared);
            }
            response.setBatchExecuted(executed);
        } catch (SQLException | RuntimeException e) {
            if (prepared != null) {
                statements.close(entry.id());
            }
            throw e;
        }
    }

    private void forgetBatch() {
        pendingBatch.clear();
        pendingBatchBytes = 0;
    }

    private void command(Command command, Response.Builder response) throws SQLException {
        response.setDone(Done.getDefaultInstance());
        switch (command.getKind()) {
            case PING -> {}
            case COMMIT -> session.commit();
            case ROLLBACK -> session.rollback();
            case SET_AUTO_COMMIT -> session.setAutoCommit(command.getFlag());
            case SET_READ_ONLY -> session.setReadOnly(command.getFlag());
            case SET_ISOLATION -> session.setIsolation(isolation(command.getName()));
            case SET_SCHEMA -> session.setSchema(command.getName());
            case SET_SAVEPOINT -> session.setSavepoint(command.getName());
            case ROLLBACK_TO -> session.rollbackTo(command.getName());
            case RELEASE_SAVEPOINT -> session.releaseSavepoint(command.getName());
            case GET_WARNINGS ->
                response.setWarnings(Warnings.newBuilder()
                        .addAllWarnings(session.warnings().stream()
                                .map(Messages::warning)
                                .toList()));
            case CLEAR_WARNINGS -> session.clearWarnings();
            case CLOSE, UNRECOGNIZED ->
                throw PandoSqlState.PROTOCOL_VIOLATION.exception("an unknown command on the wire");
        }
    }

    private static Isolation isolation(String name) throws SQLException {
        for (Isolation isolation : Isolation.values()) {
            if (isolation.name().equals(name)) {
                return isolation;
            }
        }
        throw PandoSqlState.PROTOCOL_VIOLATION.exception("an unknown isolation level on the wire: " + name);
    }

    /** Closes what the client left open; the session is its owner's. */
    @Override
    public void close() {
        results.closeAll();
        statements.closeAll();
    }
}
