package dev.pando;

import dev.pando.engine.Engines;
import dev.pando.ipld.Cid;
import dev.pando.libp2p.PeerId;

/**
 * One running node: a database, its identity and its place in the network.
 *
 * <p>Thread-safe. A directory belongs to one engine at a time; a second one is refused with
 * {@link PandoException.Kind#DIRECTORY_IN_USE}. Every method throws {@link PandoException} for what the world does
 * wrong, and {@link PandoException.Kind#CLOSED} after {@link #close()}.
 */
public interface Engine extends AutoCloseable {

    /**
     * Opens the database of {@code options}, making it when it is not there, and brings it up to its log.
     *
     * @throws PandoException {@code DIRECTORY_IN_USE} naming the holder, {@code IO_ERROR} when the directory cannot be
     *     made or written, {@code CORRUPT} naming the place when what was durable is damaged, {@code ADDRESS_IN_USE},
     *     {@code INVALID_ARGUMENT} for a malformed address
     */
    static Engine open(EngineOptions options) {
        return Engines.open(options);
    }

    /** Who this node is: the Peer ID of its identity key. */
    PeerId peerId();

    /** Tables and indexes: their definitions and how to change them. */
    Catalog catalog();

    /** Begins a transaction; it must be ended by commit, rollback or close. */
    Transaction begin(TransactionOptions options);

    /** The peers this node knows and is connected to. */
    Network network();

    /** Who pushes what to whom. */
    Replication replication();

    /** What this node follows of what peers publish. */
    Subscriptions subscriptions();

    /** What peers may do here. Local policy, never replicated. */
    Grants grants();

    /** Makes keys without coordination. */
    KeyGenerator keys();

    /** Durable records of the layers above that stay on this node: users, views, sequences, settings. */
    LocalRecords localRecords();

    /**
     * The hash of the table's replicated state: equal on two nodes that hold the collection in full exactly when they
     * hold the same documents with the same heads (docs/rules.md §7).
     */
    Cid stateHash(Table table);

    /** What happened to rows, by whom, what lost, and what is not as it should be. */
    Inspection inspection();

    /** Checks, backups, checkpoints. */
    Maintenance maintenance();

    /** Facts about this node for people to look at. */
    NodeInfo info();

    /** Ends transactions, disconnects, forces what is pending to disk and releases the directory. Idempotent. */
    @Override
    void close();
}
