package dev.pando.replication;

import dev.pando.ipld.Cid;
import dev.pando.ipld.DagCbor;
import dev.pando.ipld.DecodeException;
import dev.pando.libp2p.Multiaddr;
import dev.pando.replication.ReplicateMessage.Outcome;
import dev.pando.replication.ReplicateMessage.Reported;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What of a replicator is kept on disk, as DAG-CBOR: docs/formats/replicate.md.
 *
 * @param peerLog the id of the peer's log when the positions were true, empty before the first welcome
 */
record ReplicatorRecord(Optional<Multiaddr> address, byte[] peerLog, List<Progress> scopes) {

    private static final long VERSION = 2;

    /** @param instance the peer's table to which the position belongs; 0 when unknown */
    record Progress(Cid collection, long position, long instance, List<Reported> troubles) {}

    byte[] encode() {
        var map = new LinkedHashMap<String, Object>();
        map.put("v", VERSION);
        address.ifPresent(a -> map.put("address", a.toString()));
        map.put("log", peerLog);
        map.put(
                "scopes",
                scopes.stream()
                        .map(s -> List.of(
                                s.collection(),
                                s.position(),
                                s.instance(),
                                s.troubles().stream()
                                        .map(t -> List.of(
                                                t.sequence(), (long) t.outcome().ordinal(), t.reason(), t.atMillis()))
                                        .toList()))
                        .toList());
        return DagCbor.encode(map);
    }

    /** @throws DecodeException when the bytes are not such a record */
    static ReplicatorRecord decode(byte[] bytes) {
        try {
            var map = (Map<?, ?>) required(DagCbor.decode(bytes));
            if (!Long.valueOf(VERSION).equals(map.get("v"))) {
                throw new DecodeException("replicator record of version " + map.get("v"));
            }
            Optional<Multiaddr> address =
                    Optional.ofNullable((String) map.get("address")).map(Multiaddr::parse);
            var scopes = new ArrayList<Progress>();
            for (Object item : (List<?>) required(map.get("scopes"))) {
                var scope = (List<?>) required(item);
                var troubles = new ArrayList<Reported>();
                for (Object t : (List<?>) required(scope.get(3))) {
                    troubles.add(trouble((List<?>) required(t)));
                }
                scopes.add(new Progress(
                        (Cid) required(scope.get(0)),
                        (Long) required(scope.get(1)),
                        (Long) required(scope.get(2)),
                        troubles));
            }
            return new ReplicatorRecord(address, (byte[]) required(map.get("log")), scopes);
        } catch (ClassCastException | IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new DecodeException("not a replicator record: " + e.getMessage());
        }
    }

    private static Reported trouble(List<?> item) {
        int outcome = ((Long) required(item.get(1))).intValue();
        return new Reported(
                (Long) required(item.get(0)), Outcome.values()[outcome], (String) required(item.get(2)), (Long)
                        required(item.get(3)));
    }

    private static Object required(@org.jspecify.annotations.Nullable Object value) {
        if (value == null) {
            throw new DecodeException("replicator record with a part missing");
        }
        return value;
    }
}
