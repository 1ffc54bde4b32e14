package dev.pando.libp2p.kad;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message of the protocol; answers have the type of their request.
 *
 * @param value of a record, null where there is none
 */
record KadRequest(
        Type type, byte[] key, byte @Nullable [] value, List<KadPeerInfo> closer, List<KadPeerInfo> providers) {

    enum Type {
        PUT_VALUE,
        GET_VALUE,
        ADD_PROVIDER,
        GET_PROVIDERS,
        FIND_NODE,
        PING
    }

    static KadRequest of(Type type, byte[] key) {
        return new KadRequest(type, key, null, List.of(), List.of());
    }

    /** This message without addresses of loopback. */
    KadRequest withoutLoopback() {
        return new KadRequest(type, key, value, withoutLoopback(closer), withoutLoopback(providers));
    }

    private static List<KadPeerInfo> withoutLoopback(List<KadPeerInfo> peers) {
        return peers.stream()
                .map(p -> new KadPeerInfo(
                        p.peer(),
                        p.addresses().stream().filter(a -> !a.isLoopback()).toList()))
                .toList();
    }
}
