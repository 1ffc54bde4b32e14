package dev.pando.engine;

import dev.pando.Catalog;
import dev.pando.Grants;
import dev.pando.Grants.Right;
import dev.pando.PandoException;
import dev.pando.PandoException.Kind;
import dev.pando.Table;
import dev.pando.TableSpec;
import dev.pando.collection.CollectionId;
import dev.pando.collection.Definition;
import dev.pando.dag.ColumnId;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DecodeException;
import dev.pando.libp2p.PeerId;
import dev.pando.replication.Definitions;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Tables made from what CREATE said on another node. */
final class DefinitionsImpl implements Definitions {

    /** Tables here, beyond which none is made for a peer: it is told so. */
    static final int TABLES_MAX = 1_024;

    private final Tables tables;
    private final Catalog catalog;
    private final Grants grants;
    private final StateHashes hashes;

    DefinitionsImpl(Tables tables, Catalog catalog, Grants grants, StateHashes hashes) {
        this.tables = tables;
        this.catalog = catalog;
        this.grants = grants;
        this.hashes = hashes;
    }

    @Override
    public Optional<byte[]> created(Cid collection) {
        TableState state = tables.view().byId(collection);
        return state == null || state.table().local()
                ? Optional.empty()
                : Optional.of(state.definition().encode());
    }

    @Override
    public Optional<Cid> find(String schema, String name) {
        return tables.view()
                .byName(schema, name)
                .filter(state -> !state.table().local())
                .map(TableState::collection);
    }

    @Override
    public Optional<String> create(PeerId from, Cid collection, byte[] created, boolean allowed) {
        try {
            Definition definition = decoded(collection, created);
            TableSpec spec = definition.created();
            if (tables.view().byId(collection) != null) {
                return Optional.empty();
            }
            Optional<TableState> sameName = tables.view().byName(spec.schema(), spec.name());
            if (sameName.isPresent()) {
                return Optional.of("it has a table " + spec.schema() + "." + spec.name() + " of another definition ("
                        + Definition.differences(
                                sameName.get().definition().genesisColumns(), definition.genesisColumns())
                        + "); adopt_collection takes the other's");
            }
            if (!allowed) {
                return Optional.of("it does not create tables that peers push (ALTER SYSTEM SET auto_create = 1)");
            }
            if (tables.view().tables().size() >= TABLES_MAX) {
                return Optional.of("it has " + TABLES_MAX + " tables and makes no more for peers");
            }
            Table table = create(spec);
            grants.grant(table, Optional.of(from), Set.of(Right.WRITE, Right.ALTER));
            return Optional.empty();
        } catch (DecodeException e) {
            return Optional.of("the definition that came is malformed: " + e.getMessage());
        } catch (PandoException e) {
            if (tables.view().byId(collection) != null) {
                return Optional.empty(); // made meanwhile
            }
            return Optional.of("it could not be created: " + e.getMessage());
        }
    }

    private Table create(TableSpec spec) {
        if (!tables.view().schemas().containsKey(ColumnId.fold(spec.schema()))) {
            catalog.createSchema(spec.schema());
        }
        return catalog.createTable(spec);
    }

    /* The id is the hash of what matters of the definition: nobody can pass another one off under it. */
    private static Definition decoded(Cid collection, byte[] created) {
        Definition definition = Definition.decode(created);
        if (definition.created().local()
                || !definition.collectionId().equals(collection)
                || !CollectionId.of(definition.created()).equals(collection)) {
            throw new DecodeException("it is not that of collection " + collection);
        }
        return definition;
    }

    @Override
    public Table adopt(String schema, String name, byte[] created) {
        Definition definition;
        try {
            definition = Definition.decode(created);
            definition = decoded(definition.collectionId(), created);
        } catch (DecodeException e) {
            throw new PandoException(
                    Kind.INVALID_ARGUMENT, "the peer's definition of " + name + " is malformed: " + e.getMessage(), e);
        }
        TableSpec spec = definition.created();
        if (!ColumnId.fold(spec.schema()).equals(ColumnId.fold(schema))
                || !ColumnId.fold(spec.name()).equals(ColumnId.fold(name))) {
            throw new PandoException(
                    Kind.INVALID_ARGUMENT,
                    "the peer's table is " + spec.schema() + "." + spec.name() + " since its CREATE, not " + schema
                            + "." + name + "; it was renamed");
        }
        TableState local = tables.view().byName(schema, name).orElse(null);
        if (local != null && local.collection().equals(definition.collectionId())) {
            return local.table();
        }
        List<Grants.Grant> kept = List.of();
        if (local != null) {
            if (local.table().local() || hashes.fingerprint(local).count() > 0) {
                throw new PandoException(
                        Kind.INVALID_ARGUMENT,
                        local.table().qualifiedName() + " has or had rows, or is a local table; only an empty table can"
                                + " take another definition");
            }
            Cid old = local.collection();
            kept = grants.list().stream()
                    .filter(grant -> grant.table().collectionId().equals(old))
                    .toList();
            catalog.dropTable(local.table());
        }
        Table table = create(spec);
        kept.forEach(grant -> grants.grant(table, grant.peer(), grant.rights()));
        return table;
    }
}
