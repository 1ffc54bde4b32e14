package dev.pando.adapter;

import java.sql.Connection;
import java.sql.SQLException;

/** A running node, from which physical connections come. */
interface Node {

    /**
     * Opens a session whose work happens on {@code thread}, and on the control thread of {@code threads} what must
     * pass it. Without a user it has the rights of the administrator. Called on {@code thread}.
     */
    Connection connect(Login login, SessionThread thread, EngineThreads threads) throws SQLException;

    /** Called on a thread of the adapter. Stops the node; its connections end. All that was acknowledged is on disk. */
    void stop() throws SQLException;

    /** How nodes are made: by Pando's driver, or by what a test puts in its place. */
    @FunctionalInterface
    interface Starter {

        /** Called on a thread of the adapter. Starts the node of {@code config}, whose rootdir is given. */
        Node start(NodeConfig config) throws SQLException;
    }
}
