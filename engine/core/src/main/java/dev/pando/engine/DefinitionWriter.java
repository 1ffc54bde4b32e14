package dev.pando.engine;

import dev.pando.collection.Definition;
import dev.pando.dag.FieldOp;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Function;

/** ALTER TABLE: a commit of its own in the reserved collection of definitions. */
final class DefinitionWriter {

    private final CommitFactory commits;

    DefinitionWriter(CommitFactory commits) {
        this.commits = commits;
    }

    /** Writes the ops that {@code change} makes of the present definition, if any; it stands when this returns. */
    void write(TableState state, Function<Definition, SortedMap<String, FieldOp>> change) {
        Definition definition = state.definition();
        SortedMap<String, FieldOp> ops = change.apply(definition);
        if (!ops.isEmpty()) {
            var draft = definition.draft(ops);
            commits.commit(List.of(draft), draft.greatestPrevHlc(), List.of(), () -> {});
        }
    }
}
