package dev.pando.sql.exec;

import dev.pando.Alteration;
import dev.pando.Index;
import dev.pando.IndexSpec;
import dev.pando.Table;
import dev.pando.sql.catalog.LocalObjects;
import dev.pando.sql.catalog.SchemaSnapshot;
import dev.pando.sql.catalog.View;
import dev.pando.sql.catalog.ViewTable;
import dev.pando.sql.parser.ObjectStatement;
import dev.pando.sql.parser.SqlText;
import dev.pando.sql.plan.CancelCheck;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.session.Result;
import dev.pando.sql.session.Role;
import dev.pando.sql.session.StatementKind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.sql.SqlIdentifier;
import org.jspecify.annotations.Nullable;

/** CREATE and DROP of what stands beside tables, and DROP TABLE. */
record ObjectPlan(ObjectStatement statement) implements Plan.OfSession {
    @Override
    public StatementKind kind() {
        return StatementKind.DDL;
    }

    @Override
    public Result run(SessionControl session, @Nullable Object[] parameters) throws SQLException {
        if (statement instanceof ObjectStatement.CreateIndex create) {
            createIndex(session, create);
        } else if (statement instanceof ObjectStatement.CreateView create) {
            createView(session, create);
        } else if (statement instanceof ObjectStatement.CreateSchema create) {
            createSchema(session, create);
        } else if (statement instanceof ObjectStatement.Drop drop) {
            for (SqlIdentifier name : drop.names()) {
                drop(session, drop, name);
            }
        } else if (statement instanceof ObjectStatement.Comment comment) {
            comment(session, comment);
        } else {
            createSequence(session, (ObjectStatement.CreateSequence) statement);
        }
        return Results.NONE;
    }

    private static void createIndex(SessionControl session, ObjectStatement.CreateIndex create) throws SQLException {
        Table table = NameResolver.table(create.table(), session.snapshot(), session.schema());
        List<String> columns = new ArrayList<>();
        List<IndexSpec.Part> parts = new ArrayList<>();
        for (ObjectStatement.IndexColumn column : create.columns()) {
            String found = NameResolver.column(column.column(), table).name();
            if (columns.contains(found)) {
                throw PandoSqlState.DUPLICATE_COLUMN.exception(
                        NameResolver.place(column.column()) + "column " + found + " is named twice");
            }
            columns.add(found);
            parts.add(new IndexSpec.Part(found, column.descending()));
        }
        SqlIdentifier given = create.name();
        String name = given == null
                ? TableSpecs.generatedName(table.name(), columns, "idx")
                : given.names.get(given.names.size() - 1);
        if (findIndex(session, table.schema(), name).isPresent()) {
            if (create.ifNotExists()) {
                return;
            }
            throw PandoSqlState.DUPLICATE_INDEX.exception(
                    "there is an index '" + name + "' in schema " + table.schema() + " already");
        }
        IndexSpec spec = new IndexSpec(name, parts, create.unique());
        session.engine().catalog().createIndex(table, spec, session.cancellation());
    }

    private static Optional<Index> findIndex(SessionControl session, String schema, String name) {
        return session.engine().catalog().tables().stream()
                .flatMap(table -> table.indexes().stream())
                .filter(index ->
                        index.schema().equalsIgnoreCase(schema) && index.name().equalsIgnoreCase(name))
                .findFirst();
    }

    private static void createView(SessionControl session, ObjectStatement.CreateView create) throws SQLException {
        SchemaSnapshot snapshot = session.snapshot();
        NameResolver.Qualified name = NameResolver.qualify(create.name(), snapshot, session.schema());
        org.apache.calcite.schema.Table present =
                snapshot.find(name.schema(), name.name()).orElse(null);
        if (present != null) {
            if (create.ifNotExists()) {
                return;
            }
            if (!create.replace() || !(present instanceof ViewTable)) {
                throw PandoSqlState.DUPLICATE_TABLE.exception(
                        NameResolver.place(create.name()) + "there is a table or view '" + name + "' already");
            }
        }
        String query = SqlText.of(create.query());
        StringBuilder names = new StringBuilder();
        for (SqlIdentifier column : create.columns()) {
            names.append(names.length() == 0 ? "" : ", ").append(SqlText.name(column.getSimple()));
        }
        String sql = names.length() == 0 ? query : "SELECT * FROM (" + query + ") AS \"v\" (" + names + ")";
        session.statements().plan(sql, snapshot, name.schema(), CancelCheck.none());
        session.objects().putView(new View(name.schema(), name.name(), sql));
    }

    private static void createSchema(SessionControl session, ObjectStatement.CreateSchema create) throws SQLException {
        String name = create.name().getSimple();
        if (session.snapshot().schemaName(name).isPresent()) {
            if (create.ifNotExists()) {
                return;
            }
            throw PandoSqlState.DUPLICATE_SCHEMA.exception(
                    NameResolver.place(create.name()) + "there is a schema '" + name + "' already");
        }
        session.engine().catalog().createSchema(name);
    }

    private static void drop(SessionControl session, ObjectStatement.Drop drop, SqlIdentifier name)
            throws SQLException {
        try {
            switch (drop.kind()) {
                case TABLE -> dropTable(session, name, drop.cascade());
                case VIEW -> dropView(session, name, drop.cascade());
                case INDEX -> dropIndex(session, name);
                case SCHEMA -> dropSchema(session, name, drop.cascade());
                case USER -> dropUser(session, name);
                case SEQUENCE -> dropSequence(session, name);
                case COLUMN -> throw new IllegalStateException("DROP COLUMN is part of ALTER TABLE");
            }
        } catch (SQLException e) {
            boolean absent = PandoSqlState.NO_TABLE.code().equals(e.getSQLState())
                    || PandoSqlState.NO_OBJECT.code().equals(e.getSQLState())
                    || PandoSqlState.NO_INDEX.code().equals(e.getSQLState())
                    || PandoSqlState.NO_SCHEMA.code().equals(e.getSQLState());
            if (!drop.ifExists() || !absent) {
                throw e;
            }
            session.warn(String.valueOf(e.getMessage()), String.valueOf(e.getSQLState()));
        }
    }

    private static void dropTable(SessionControl session, SqlIdentifier name, boolean cascade) throws SQLException {
        Table table = NameResolver.table(name, session.snapshot(), session.schema());
        for (Table other : session.engine().catalog().tables()) {
            boolean refers = !other.collectionId().equals(table.collectionId())
                    && other.foreignKeys().stream()
                            .anyMatch(foreign -> foreign.targetSchema().equalsIgnoreCase(table.schema())
                                    && foreign.targetTable().equalsIgnoreCase(table.name()));
            if (refers && !cascade) {
                throw PandoSqlState.DEPENDENT_OBJECTS.exception(NameResolver.place(name) + other.qualifiedName()
                        + " refers to " + table.qualifiedName() + ": drop it first, or say CASCADE");
            }
        }
        dropReaders(session, name, table.schema(), table.name(), cascade);
        session.engine().catalog().dropTable(table);
        session.objects().forgetRights(table.schema(), table.name());
    }

    /* The views that read a table or view go with it by CASCADE, and those that read them. */
    private static void dropReaders(
            SessionControl session, SqlIdentifier place, String schema, String name, boolean cascade)
            throws SQLException {
        for (View view : session.objects().views()) {
            boolean itself =
                    view.schema().equalsIgnoreCase(schema) && view.name().equalsIgnoreCase(name);
            if (itself || !reads(session, view, schema, name)) {
                continue;
            }
            if (!cascade) {
                throw PandoSqlState.DEPENDENT_OBJECTS.exception(NameResolver.place(place) + "view " + view.schema()
                        + "." + view.name() + " reads " + schema + "." + name + ": drop it first, or say CASCADE");
            }
            dropReaders(session, place, view.schema(), view.name(), true);
            if (session.objects().view(view.schema(), view.name()).isPresent()) {
                session.objects().dropView(view);
                session.objects().forgetRights(view.schema(), view.name());
            }
        }
    }

    private static boolean reads(SessionControl session, View view, String schema, String name) throws SQLException {
        return TableUses.of(view.sql(), session.snapshot(), view.schema()).stream()
                .anyMatch(use ->
                        use.schema().equalsIgnoreCase(schema) && use.name().equalsIgnoreCase(name));
    }

    private static void dropView(SessionControl session, SqlIdentifier name, boolean cascade) throws SQLException {
        NameResolver.Qualified view = NameResolver.qualify(name, session.snapshot(), session.schema());
        View found = session.objects()
                .view(view.schema(), view.name())
                .orElseThrow(() ->
                        PandoSqlState.NO_TABLE.exception(NameResolver.place(name) + "there is no view '" + view + "'"));
        dropReaders(session, name, found.schema(), found.name(), cascade);
        session.objects().dropView(found);
        session.objects().forgetRights(view.schema(), view.name());
    }

    /* Its numbers are made without coordination and need no state: a name and an increment are all there is to it. */
    private static void createSequence(SessionControl session, ObjectStatement.CreateSequence create)
            throws SQLException {
        NameResolver.Qualified name = NameResolver.qualify(create.name(), session.snapshot(), session.schema());
        if (session.objects().sequence(name.schema(), name.name()).isPresent()) {
            if (create.ifNotExists()) {
                session.warn("sequence " + name + " exists already", PandoSqlState.DUPLICATE_OBJECT.code());
                return;
            }
            throw PandoSqlState.DUPLICATE_OBJECT.exception(
                    NameResolver.place(create.name()) + "there is a sequence '" + name + "' already");
        }
        session.objects().putSequence(new LocalObjects.Sequence(name.schema(), name.name(), create.increment()));
    }

    private static void dropSequence(SessionControl session, SqlIdentifier name) throws SQLException {
        NameResolver.Qualified sequence = NameResolver.qualify(name, session.snapshot(), session.schema());
        session.objects()
                .dropSequence(session.objects()
                        .sequence(sequence.schema(), sequence.name())
                        .orElseThrow(() -> PandoSqlState.NO_OBJECT.exception(
                                NameResolver.place(name) + "there is no sequence '" + sequence + "'")));
    }

    private static void dropIndex(SessionControl session, SqlIdentifier name) throws SQLException {
        NameResolver.Qualified index = NameResolver.qualify(name, session.snapshot(), session.schema());
        Index found = findIndex(session, index.schema(), index.name())
                .orElseThrow(() -> PandoSqlState.NO_INDEX.exception(
                        NameResolver.place(name) + "there is no index '" + index + "'"));
        boolean constraint = session.engine()
                .catalog()
                .find(found.schema(), found.tableName())
                .filter(table -> table.uniques().stream()
                        .anyMatch(unique -> unique.name().equalsIgnoreCase(found.name())))
                .isPresent();
        if (constraint) {
            throw PandoSqlState.DEPENDENT_OBJECTS.exception(NameResolver.place(name) + "index " + found.name()
                    + " is that of a constraint: ALTER TABLE " + found.tableName() + " DROP CONSTRAINT");
        }
        session.engine().catalog().dropIndex(found);
    }

    private static void dropSchema(SessionControl session, SqlIdentifier name, boolean cascade) throws SQLException {
        String schema = session.snapshot()
                .schemaName(name.getSimple())
                .filter(session.engine().catalog().schemas()::contains)
                .orElseThrow(() -> PandoSqlState.NO_SCHEMA.exception(
                        NameResolver.place(name) + "there is no schema '" + name.getSimple() + "'"));
        if (schema.equals(SchemaSnapshot.PUBLIC)) {
            throw PandoSqlState.NO_PRIVILEGE.exception("schema PUBLIC stays");
        }
        List<Table> tables = session.engine().catalog().tables().stream()
                .filter(table -> table.schema().equals(schema))
                .toList();
        List<View> views = session.objects().views().stream()
                .filter(view -> view.schema().equals(schema))
                .toList();
        List<LocalObjects.Sequence> sequences = session.objects().sequences().stream()
                .filter(sequence -> sequence.schema().equals(schema))
                .toList();
        if (!cascade && (!tables.isEmpty() || !views.isEmpty() || !sequences.isEmpty())) {
            throw PandoSqlState.DEPENDENT_OBJECTS.exception(
                    NameResolver.place(name) + "schema " + schema + " is not empty: say CASCADE");
        }
        views.forEach(session.objects()::dropView);
        sequences.forEach(session.objects()::dropSequence);
        tables.forEach(session.engine().catalog()::dropTable);
        views.forEach(view -> session.objects().forgetRights(schema, view.name()));
        tables.forEach(table -> session.objects().forgetRights(schema, table.name()));
        session.engine().catalog().dropSchema(schema);
    }

    private static void dropUser(SessionControl session, SqlIdentifier name) throws SQLException {
        RightsPlan.requireAdmin(session);
        var user = session.objects()
                .user(name.getSimple())
                .orElseThrow(() -> PandoSqlState.NO_OBJECT.exception(
                        NameResolver.place(name) + "there is no user '" + name.getSimple() + "'"));
        if (user.user().role() == Role.ADMIN && RightsPlan.isLastAdmin(session)) {
            throw PandoSqlState.NOT_IN_STATE.exception(NameResolver.place(name) + "the last admin stays");
        }
        session.objects().dropUser(name.getSimple());
    }

    private static void comment(SessionControl session, ObjectStatement.Comment comment) throws SQLException {
        SqlIdentifier name = comment.name();
        boolean ofColumn = comment.kind() == ObjectStatement.Kind.COLUMN;
        if (ofColumn && name.names.size() < 2) {
            throw PandoSqlState.SYNTAX.exception(NameResolver.place(name) + "a column is named as table.column");
        }
        SqlIdentifier tableName = ofColumn ? name.skipLast(1) : name;
        NameResolver.Qualified qualified = NameResolver.qualify(tableName, session.snapshot(), session.schema());
        org.apache.calcite.schema.Table found =
                session.snapshot().find(qualified.schema(), qualified.name()).orElse(null);
        if (found instanceof ViewTable view && !ofColumn) {
            session.objects().comment(view.view().schema(), view.view().name(), "", comment.text());
            return;
        }
        Table table = NameResolver.table(tableName, session.snapshot(), session.schema());
        Optional<String> column =
                ofColumn ? Optional.of(NameResolver.column(name, table).name()) : Optional.empty();
        session.engine()
                .catalog()
                .alter(table, List.of(new Alteration.SetComment(column, Optional.ofNullable(comment.text()))));
    }
}
