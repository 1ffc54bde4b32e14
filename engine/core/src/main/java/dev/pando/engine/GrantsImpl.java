package dev.pando.engine;

import dev.pando.Environment;
import dev.pando.Grants;
import dev.pando.PandoException;
import dev.pando.Table;
import dev.pando.ipld.Cid;
import dev.pando.libp2p.PeerId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Grants as local records: key {@code <collection id> <peer id or *>}, value one byte of bits. */
final class GrantsImpl implements Grants {

    private static final String KIND = "Grant";

    private static final String ANY = "*";

    /** Pairs of collection and peer whose keys are kept as text; when reached, all are made anew. */
    private static final int KEYS_MAX = 4_096;

    private final Locals locals;
    private final Committer committer;
    private final boolean trustAll;
    private final Function<Cid, Optional<Table>> tables;
    private final Listeners changed;
    private final Turn turn;

    /** Each share of a peer asks several times, and a key as text costs more than looking it up. */
    private final Map<Asked, Keys> keys = new ConcurrentHashMap<>();

    private record Asked(Cid collection, PeerId peer) {}

    private record Keys(String ofPeer, String ofAny) {}

    GrantsImpl(
            Locals locals,
            Committer committer,
            boolean trustAll,
            Function<Cid, Optional<Table>> tables,
            Listeners changed,
            Environment.Threads threads) {
        this.turn = new Turn(threads);
        this.locals = locals;
        this.committer = committer;
        this.trustAll = trustAll;
        this.tables = tables;
        this.changed = changed;
    }

    @Override
    public void grant(Table table, Optional<PeerId> peer, Set<Right> rights) {
        if (table.local()) {
            throw new PandoException(
                    PandoException.Kind.INVALID_ARGUMENT,
                    table.qualifiedName() + " is a local table: no peer ever reads or writes it");
        }
        turn.take(() -> change(table, peer, now -> now.addAll(rights)));
    }

    @Override
    public void revoke(Table table, Optional<PeerId> peer, Set<Right> rights) {
        turn.take(() -> change(table, peer, now -> now.removeAll(rights)));
    }

    private void change(Table table, Optional<PeerId> peer, Consumer<Set<Right>> change) {
        String key = key(table.collectionId(), peer.map(PeerId::toString).orElse(ANY));
        Set<Right> now = rights(key);
        change.accept(now);
        write(key, now);
    }

    private void write(String key, Set<Right> rights) {
        byte[] value = rights.isEmpty() ? null : encode(rights);
        committer.commit(
                new RecordChange(locals, List.of(new RecordChange.Put(KIND, key, value)), true, changed::fire));
    }

    @Override
    public List<Grant> list() {
        var grants = new ArrayList<Grant>();
        for (Map.Entry<String, byte[]> entry : locals.all(KIND).entrySet()) {
            int split = entry.getKey().indexOf(' ');
            String peer = entry.getKey().substring(split + 1);
            tables.apply(Cid.parse(entry.getKey().substring(0, split)))
                    .ifPresent(table -> grants.add(new Grant(
                            table,
                            peer.equals(ANY) ? Optional.empty() : Optional.of(PeerId.parse(peer)),
                            decode(entry.getValue()))));
        }
        return grants;
    }

    @Override
    public boolean allows(Table table, PeerId peer, Right right) {
        return !table.local() && allows(table.collectionId(), peer, right);
    }

    /** As {@link #allows(Table, PeerId, Right)}, for a collection that is no local table. */
    boolean allows(Cid collection, PeerId peer, Right right) {
        if (trustAll) {
            return true;
        }
        Keys of = keys(collection, peer);
        return has(locals.get(KIND, of.ofPeer()), right) || has(locals.get(KIND, of.ofAny()), right);
    }

    private Keys keys(Cid collection, PeerId peer) {
        var asked = new Asked(collection, peer);
        Keys made = keys.get(asked);
        if (made == null) {
            made = new Keys(key(collection, peer.toString()), key(collection, ANY));
            if (keys.size() >= KEYS_MAX) {
                keys.clear();
            }
            keys.put(asked, made);
        }
        return made;
    }

    /** What forgets all grants on a collection. */
    List<RecordChange.Put> forget(Cid collection) {
        String prefix = collection + " ";
        return locals.all(KIND).keySet().stream()
                .filter(key -> key.startsWith(prefix))
                .map(key -> new RecordChange.Put(KIND, key, null))
                .toList();
    }

    private static String key(Cid collection, String peer) {
        return collection + " " + peer;
    }

    private Set<Right> rights(String key) {
        return decode(locals.get(KIND, key));
    }

    private static byte[] encode(Set<Right> rights) {
        int bits = 0;
        for (Right right : rights) {
            bits |= 1 << right.ordinal();
        }
        return new byte[] {(byte) bits};
    }

    private static boolean has(byte @Nullable [] value, Right right) {
        return value != null && (value[0] & 1 << right.ordinal()) != 0;
    }

    private static Set<Right> decode(byte @Nullable [] value) {
        var rights = EnumSet.noneOf(Right.class);
        for (Right right : Right.values()) {
            if (has(value, right)) {
                rights.add(right);
            }
        }
        return rights;
    }
}
