package dev.pando.replication;

import dev.pando.ipld.Cid;
import dev.pando.ipld.DagCbor;
import dev.pando.ipld.DecodeException;
import dev.pando.libp2p.Multiaddr;
import dev.pando.replication.ReplicateMessage.Outcome;
import dev.pando.replication.ReplicateMessage.Reported;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What of a replicator is kept on disk, as DAG-CBOR: docs/formats/replicate.md.
 *
 * @param peerLog the id of the peer's log when the positions were true, empty before the first welcome
 */
record ReplicatorRecord(Optional<Multiaddr> address, byte[] peerLog, List<Progress> scopes) {

    private static final long VERSION = 2;

    /**
     * @param instance the peer's table to which the position belongs; 0 when unknown
     * @param filter empty for the whole collection
     */
    record Progress(Cid collection, long position, long instance, List<Reported> troubles, Optional<Filter> filter) {

        Progress(Cid collection, long position, long instance, List<Reported> troubles) {
            this(collection, position, instance, troubles, Optional.empty());
        }
    }

    /**
     * Only some documents: {@link Membership}, whose members have records of their own.
     *
     * @param predicate empty for chosen documents
     * @param since the log's last commit when it was set
     */
    record Filter(Optional<String> predicate, long since) {}

    byte[] encode() {
        var map = new LinkedHashMap<String, Object>();
        map.put("v", VERSION);
        address.ifPresent(a -> map.put("address", a.toString()));
        map.put("log", peerLog);
        map.put(
                "scopes",
                scopes.stream()
                        .map(s -> Arrays.asList(
                                s.collection(),
                                s.position(),
                                s.instance(),
                                s.troubles().stream()
                                        .map(t -> List.of(
                                                t.sequence(), (long) t.outcome().ordinal(), t.reason(), t.atMillis()))
                                        .toList(),
                                s.filter()
                                        .map(f -> Arrays.asList(f.predicate().orElse(null), f.since()))
                                        .orElse(null)))
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
                        troubles,
                        filter((List<?>) scope.get(4))));
            }
            return new ReplicatorRecord(address, (byte[]) required(map.get("log")), scopes);
        } catch (ClassCastException | IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new DecodeException("not a replicator record: " + e.getMessage());
        }
    }

    private static Optional<Filter> filter(@Nullable List<?> item) {
        return item == null
                ? Optional.empty()
                : Optional.of(new Filter(Optional.ofNullable((String) item.get(0)), (Long) required(item.get(1))));
    }

    private static Reported trouble(List<?> item) {
        int outcome = ((Long) required(item.get(1))).intValue();
        return new Reported(
                (Long) required(item.get(0)), Outcome.values()[outcome], (String) required(item.get(2)), (Long)
                        required(item.get(3)));
    }

    private static Object required(@Nullable Object value) {
        if (value == null) {
            throw new DecodeException("replicator record with a part missing");
        }
        return value;
    }
}
