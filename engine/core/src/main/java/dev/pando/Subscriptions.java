package dev.pando;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Passive replication: every node publishes what it commits, fire and forget; a node that subscribed to a collection
 * merges what is published of it, and fetches from its peers what it missed. Subscribing gives nobody a right: what
 * arrives is admitted if its author may write here, and a peer publishes to those only who may read there. Thread-safe.
 */
public interface Subscriptions {

    /**
     * Follows the tables from now on, durably, and fetches what is missing from connected peers.
     *
     * @throws PandoException {@code INVALID_ARGUMENT} for a local table; nothing is subscribed then. {@code
     *     NOT_SUPPORTED} without a network
     */
    void subscribe(List<Table> tables);

    /** Follows the tables no longer; what is here stays. */
    void unsubscribe(List<Table> tables);

    /** The present subscriptions, by name. */
    List<Table> subscriptions();

    /**
     * Fetches what connected peers have of the table and this node lacks.
     *
     * @return false when {@code timeout} passed before each peer had answered
     */
    default boolean sync(Table table, Duration timeout) {
        return sync(table, timeout, new Cancellation());
    }

    /** As {@link #sync(Table, Duration)}; fails with {@code CANCELLED} once that is asked for. */
    boolean sync(Table table, Duration timeout, Cancellation cancellation);

    /**
     * Follows single documents of a table from now on, durably, and fetches what is missing from connected peers. They
     * need not be here yet.
     *
     * @throws PandoException as {@link #subscribe}
     */
    void subscribeDocuments(Table table, List<DocumentId> documents);

    /** Follows the documents no longer, not even while they are read or written often. */
    void unsubscribeDocuments(Table table, List<DocumentId> documents);

    /** The documents subscribed at present, by table and id. */
    List<FollowedDocument> documents();

    /** Fetches what connected peers have of the document and this node lacks; as {@link #sync(Table, Duration)}. */
    default boolean sync(Table table, DocumentId document, Duration timeout) {
        return sync(table, document, timeout, new Cancellation());
    }

    /** As {@link #sync(Table, DocumentId, Duration)}; fails with {@code CANCELLED} once that is asked for. */
    boolean sync(Table table, DocumentId document, Duration timeout, Cancellation cancellation);

    /** The topics that this node has joined at present, by name; those of hot documents among them. */
    List<TopicInfo> topics();

    record FollowedDocument(Table table, DocumentId document) {}

    /**
     * @param kind {@code collection}, {@code document} or {@code query}
     * @param hot whether a document's topic is joined only because it was read or written by key of late
     * @param peers connected ones that follow it
     * @param mesh those of them that messages go to at once
     */
    record TopicInfo(
            String name, String kind, Table table, Optional<DocumentId> document, boolean hot, int peers, int mesh) {}
}
