package dev.pando;

import java.time.Duration;
import java.util.List;

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
    boolean sync(Table table, Duration timeout);
}
