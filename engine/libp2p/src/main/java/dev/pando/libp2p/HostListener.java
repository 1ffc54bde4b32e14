package dev.pando.libp2p;

/** Is told of peers that come and go. The methods run on threads of the host and must not block. */
public interface HostListener {
    /** The first connection to {@code peer} stands. */
    default void onConnected(PeerId peer) {}

    /** The last connection to {@code peer} is gone. */
    default void onDisconnected(PeerId peer) {}

    /** {@code peer} told who it is and what it serves; called again whenever it tells that this has changed. */
    default void onIdentified(PeerId peer, Identify info) {}
}
