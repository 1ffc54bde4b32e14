package dev.pando.libp2p.kad;

import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.PeerId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a server keeps for others and answers them. No I/O; not thread-safe. */
final class KadServer {

    /** Keys with values kept; the oldest goes. */
    static final int VALUES_MAX = 4_096;

    /** Bytes of a value; a larger one is refused. */
    static final int VALUE_BYTES_MAX = 16 << 10;

    /** Bytes of a key; a longer one is refused. */
    static final int KEY_BYTES_MAX = 256;

    /** Keys with providers kept; the oldest goes. */
    static final int PROVIDED_MAX = 16_384;

    /** Providers kept of one key; the one that has not renewed for longest goes. */
    static final int PROVIDERS_MAX = 64;

    /** Keys that one other peer may be kept as a provider of; its oldest goes. */
    static final int PROVIDED_PER_PEER_MAX = 1_024;

    /** Addresses kept of a provider, and bytes of each; further and longer ones are not. */
    static final int PROVIDER_ADDRESSES_MAX = 8;

    static final int PROVIDER_ADDRESS_BYTES_MAX = 256;

    static final long PROVIDER_MILLIS = 48L * 3_600_000;

    static final long VALUE_MILLIS = 48L * 3_600_000;

    private record Stored(byte[] value, long untilMillis) {}

    private record Provider(KadPeerInfo info, long untilMillis) {}

    private final PeerId self;
    private final RoutingTable table;
    private final Map<String, RecordValidator> validators;
    private final Function<PeerId, List<Multiaddr>> addresses;
    private final Map<ByteBuffer, Stored> values = new LinkedHashMap<>();
    private final Map<ByteBuffer, Map<PeerId, Provider>> providers = new LinkedHashMap<>();
    private final Map<PeerId, Set<ByteBuffer>> providedBy = new HashMap<>();

    /** @param validators by namespace: {@code test} for keys that begin with {@code /test/} */
    KadServer(
            PeerId self,
            RoutingTable table,
            Map<String, RecordValidator> validators,
            Function<PeerId, List<Multiaddr>> addresses) {
        this.self = self;
        this.table = table;
        this.validators = validators;
        this.addresses = addresses;
    }

    /** The answer, or null where there is none to give: to ADD_PROVIDER, and to what is refused. */
    @Nullable
    KadRequest answer(KadPeerInfo from, KadRequest request, long nowMillis) {
        byte[] key = request.key();
        if (key.length == 0 && request.type() != KadRequest.Type.PING || key.length > KEY_BYTES_MAX) {
            return null;
        }
        return switch (request.type()) {
            case PING -> request;
            case FIND_NODE -> new KadRequest(request.type(), key, null, found(from.peer(), key), List.of());
            case GET_PROVIDERS ->
                new KadRequest(request.type(), key, null, closer(from.peer(), key), providers(key, nowMillis));
            case GET_VALUE ->
                new KadRequest(request.type(), key, value(key, nowMillis), closer(from.peer(), key), List.of());
            case PUT_VALUE -> put(key, request.value(), nowMillis) ? request : null;
            case ADD_PROVIDER -> {
                /* Only for oneself: else a peer could send all seekers to a victim. */
                request.providers().stream()
                        .filter(p -> p.peer().equals(from.peer()))
                        .findFirst()
                        .ifPresent(p -> addProvider(key, p, nowMillis));
                yield null;
            }
        };
    }

    /** Those nearest to the key, and first of all the peer itself whose id it is: clients are in no table. */
    private List<KadPeerInfo> found(PeerId asking, byte[] key) {
        var found = new ArrayList<>(closer(asking, key));
        try {
            PeerId sought = PeerId.fromBytes(key);
            List<Multiaddr> known = addresses.apply(sought);
            if (!known.isEmpty() && !sought.equals(asking) && !sought.equals(self)) {
                found.removeIf(p -> p.peer().equals(sought));
                found.add(0, new KadPeerInfo(sought, known));
            }
        } catch (IllegalArgumentException e) {
            return found; // any other key
        }
        return found;
    }

    private List<KadPeerInfo> closer(PeerId asking, byte[] key) {
        var closer = new ArrayList<KadPeerInfo>();
        for (PeerId peer : table.nearest(KadId.of(key), RoutingTable.K + 1)) {
            if (!peer.equals(asking) && !peer.equals(self) && closer.size() < RoutingTable.K) {
                closer.add(new KadPeerInfo(peer, addresses.apply(peer)));
            }
        }
        return closer;
    }

    byte @Nullable [] value(byte[] key, long nowMillis) {
        Stored stored = values.get(ByteBuffer.wrap(key));
        return stored == null || stored.untilMillis() < nowMillis ? null : stored.value();
    }

    /** False when the value may not stand there. */
    boolean put(byte[] key, byte @Nullable [] value, long nowMillis) {
        RecordValidator validator = validator(key);
        if (value == null || value.length > VALUE_BYTES_MAX || validator == null || !validator.valid(key, value)) {
            return false;
        }
        byte[] present = value(key, nowMillis);
        if (present != null && !java.util.Arrays.equals(present, value) && !validator.better(key, value, present)) {
            return false;
        }
        ByteBuffer wrapped = ByteBuffer.wrap(key.clone());
        values.remove(wrapped);
        values.put(wrapped, new Stored(value, nowMillis + VALUE_MILLIS));
        dropOldest(values, VALUES_MAX);
        return true;
    }

    @Nullable
    RecordValidator validator(byte[] key) {
        String text = new String(key, java.nio.charset.StandardCharsets.ISO_8859_1);
        int end = text.indexOf('/', 1);
        return text.startsWith("/") && end > 1 ? validators.get(text.substring(1, end)) : null;
    }

    void addProvider(byte[] key, KadPeerInfo provider, long nowMillis) {
        var wrapped = ByteBuffer.wrap(key.clone());
        PeerId peer = provider.peer();
        Map<PeerId, Provider> known = providers.computeIfAbsent(wrapped, k -> new LinkedHashMap<>());
        known.remove(peer);
        known.put(peer, new Provider(bounded(provider), nowMillis + PROVIDER_MILLIS));
        Set<ByteBuffer> keys = providedBy.computeIfAbsent(peer, p -> new LinkedHashSet<>());
        keys.remove(wrapped);
        keys.add(wrapped);
        if (!peer.equals(self) && keys.size() > PROVIDED_PER_PEER_MAX) {
            removeProvider(keys.iterator().next(), peer);
        }
        if (known.size() > PROVIDERS_MAX) {
            removeProvider(wrapped, known.keySet().iterator().next());
        }
        if (providers.size() > PROVIDED_MAX) {
            var oldest = providers.entrySet().iterator().next();
            List.copyOf(oldest.getValue().keySet()).forEach(p -> removeProvider(oldest.getKey(), p));
        }
    }

    private static KadPeerInfo bounded(KadPeerInfo provider) {
        return new KadPeerInfo(
                provider.peer(),
                provider.addresses().stream()
                        .filter(address -> address.toBytes().length <= PROVIDER_ADDRESS_BYTES_MAX)
                        .limit(PROVIDER_ADDRESSES_MAX)
                        .toList());
    }

    void removeProvider(ByteBuffer key, PeerId peer) {
        providers.computeIfPresent(key, (k, known) -> {
            known.remove(peer);
            return known.isEmpty() ? null : known;
        });
        providedBy.computeIfPresent(peer, (p, keys) -> {
            keys.remove(key);
            return keys.isEmpty() ? null : keys;
        });
    }

    List<KadPeerInfo> providers(byte[] key, long nowMillis) {
        Map<PeerId, Provider> known = providers.get(ByteBuffer.wrap(key));
        if (known == null) {
            return List.of();
        }
        List.copyOf(known.values()).stream()
                .filter(p -> p.untilMillis() < nowMillis)
                .forEach(p ->
                        removeProvider(ByteBuffer.wrap(key.clone()), p.info().peer()));
        var list = new ArrayList<KadPeerInfo>();
        for (Provider provider : known.values()) {
            if (list.size() < RoutingTable.K) {
                list.add(provider.info());
            }
        }
        return list;
    }

    private static void dropOldest(Map<?, ?> map, int max) {
        if (map.size() > max) {
            Iterator<?> oldest = map.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }
}
