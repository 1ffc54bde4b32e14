package dev.pando.engine;

import dev.pando.Grants.Right;
import dev.pando.collection.CollectionId;
import dev.pando.ipld.Cid;
import dev.pando.libp2p.PeerId;
import dev.pando.replication.Collections;
import java.util.Set;
import java.util.stream.Collectors;

/** Tables and grants as replication asks for them. */
final class CollectionsImpl implements Collections {

    private final Tables tables;
    private final GrantsImpl grants;
    private final Listeners changed;

    CollectionsImpl(Tables tables, GrantsImpl grants, Listeners changed) {
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
                .filter(c -> !c.equals(CollectionId.DEFINITIONS))
                .collect(Collectors.toSet());
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
