package dev.pando.adapter;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A running node, from which physical connections come. Its methods are called on {@link EngineThreads} only. */
interface Node {

    /** Opens a session. Without a user it has the rights of the administrator. */
    Connection connect(@Nullable String user, @Nullable String password) throws SQLException;

    /** Stops the node; its connections end. All that was acknowledged is on disk. */
    void stop() throws SQLException;

    /** How nodes are made: by Pando's driver, or by what a test puts in its place. */
    @FunctionalInterface
    interface Starter {

        /** Starts the node of {@code config}, whose rootdir is given. */
        Node start(NodeConfig config) throws SQLException;
    }
}
