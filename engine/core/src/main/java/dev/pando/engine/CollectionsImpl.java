package dev.pando.engine;

import dev.pando.ExpressionCompiler;
import dev.pando.Grants.Right;
import dev.pando.PandoException;
import dev.pando.PandoException.Kind;
import dev.pando.dag.BlockSource;
import dev.pando.dag.ReservedCollection;
import dev.pando.ipld.Cid;
import dev.pando.libp2p.PeerId;
import dev.pando.replication.Collections;
import dev.pando.replication.RowPredicate;
import dev.pando.store.DerivedMap;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Tables and grants as replication asks for them. */
final class CollectionsImpl implements Collections {

    private final Tables tables;
    private final GrantsImpl grants;
    private final Listeners changed;
    private final Optional<ExpressionCompiler> compiler;
    private final DerivedMap rows;
    private final RowAccess access;
    private final BlockSource blocks;

    CollectionsImpl(
            Tables tables,
            GrantsImpl grants,
            Listeners changed,
            Optional<ExpressionCompiler> compiler,
            DerivedMap rows,
            RowAccess access,
            BlockSource blocks) {
        this.compiler = compiler;
        this.rows = rows;
        this.access = access;
        this.blocks = blocks;
        this.tables = tables;
        this.grants = grants;
        this.changed = changed;
    }

    @Override
    public boolean holds(Cid collection) {
        return tables.replicated(collection).isPresent();
    }

    @Override
    public boolean mayWrite(PeerId peer, Cid collection) {
        return grants.allows(collection, peer, Right.WRITE);
    }

    @Override
    public boolean mayRead(PeerId peer, Cid collection) {
        return grants.allows(collection, peer, Right.READ);
    }

    @Override
    public Set<Cid> held() {
        return tables.view().tables().stream()
                .filter(t -> !t.table().local())
                .map(TableState::collection)
                .filter(c -> !c.equals(ReservedCollection.DEFINITIONS))
                .collect(Collectors.toSet());
    }

    @Override
    public RowPredicate predicate(Cid collection, String sql) {
        TableState state = tables.view().byId(collection);
        if (state == null) {
            throw new PandoException(Kind.UNKNOWN_TABLE, "there is no collection " + collection);
        }
        ExpressionCompiler present = compiler.orElseThrow(() -> new PandoException(
                Kind.NOT_SUPPORTED, "this engine was opened without a compiler for the condition '" + sql + "'"));
        return new RowPredicateImpl(state, table -> present.compile(sql, table), rows, access, blocks);
    }

    @Override
    public String nameOf(Cid collection) {
        return tables.replicated(collection).map(t -> t.qualifiedName()).orElseGet(collection::toString);
    }

    @Override
    public Runnable onChange(Runnable listener) {
        return changed.add(listener);
    }
}
