package dev.pando.libp2p.kad;

import java.util.Map;

/**
 * How a node takes part in the table.
 *
 * @param protocol the protocol's id, which separates one network from another
 * @param server whether this node answers others; a client only asks
 * @param validators by namespace: {@code test} for keys that begin with {@code /test/}; others are refused
 */
public record KadConfig(String protocol, boolean server, Map<String, RecordValidator> validators) {

    /** Pando's own network. */
    public static final String PANDO_PROTOCOL = "/pando/kad/1.0.0";

    public static KadConfig pando(boolean server) {
        return new KadConfig(PANDO_PROTOCOL, server, Map.of());
    }
}
