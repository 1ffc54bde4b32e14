package dev.pando.replication;

import dev.pando.DocumentId;
import dev.pando.dag.Commit;
import dev.pando.dag.Part;
import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DagCbor;
import dev.pando.ipld.Sha256;
import dev.pando.libp2p.KeyPair;
import dev.pando.libp2p.PeerId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/**
 * As much of a node as replication needs, in memory: a log of commits, a door that knows parents and rights, and
 * records. Its commits have true commit blocks, but their deltas are only (collection, parents, salt).
 */
final class MemoryNode implements LogTail, ShareSink, Collections, DurableRecords {

    private record Entry(long sequence, Cid commit, Set<Cid> collections, List<Block> blocks) {}

    final PeerId peer;
    private final byte[] author;
    private final Random random;
    private byte[] logId = new byte[16];
    private final List<Entry> log = new ArrayList<>();
    private final Map<Cid, Entry> byCommit = new HashMap<>();
    private final Set<Cid> held = new HashSet<>();
    private final Map<Cid, TreeSet<Cid>> deltas = new HashMap<>();
    private final Map<Cid, Cid> heads = new HashMap<>();
    private final Map<Cid, Long> instances = new HashMap<>();
    private final Map<String, byte[]> records = new TreeMap<>();

    /** Authors and peers that may not write here. */
    final Set<PeerId> forbidden = new HashSet<>();

    /** Commits from a clock that is ahead, and the time at which they may come in. */
    final Map<Cid, Long> early = new HashMap<>();

    /** Commits that are called invalid. */
    final Set<Cid> spoiled = new HashSet<>();

    long nowMillis;
    int applied;
    int knownAgain;

    MemoryNode(long seed) {
        random = new Random(seed);
        byte[] key = new byte[KeyPair.SEED_BYTES];
        random.nextBytes(key);
        KeyPair pair = KeyPair.fromSeed(key);
        peer = pair.peerId();
        author = pair.publicKey().raw();
        random.nextBytes(logId);
    }

    static Cid collection(String name) {
        return Cid.ofSha256(Cid.DAG_CBOR, name.getBytes(StandardCharsets.UTF_8));
    }

    MemoryNode holding(Cid... collections) {
        held.addAll(List.of(collections));
        return this;
    }

    void drop(Cid collection) {
        instances.merge(collection, 2L, (before, two) -> before + 1);
        held.remove(collection);
        deltas.remove(collection);
        heads.remove(collection);
        var kept =
                log.stream().filter(e -> !e.collections().contains(collection)).toList();
        log.clear();
        log.addAll(kept);
        byCommit.values().removeIf(e -> e.collections().contains(collection));
    }

    /** Gives the log another id, as a restore does, and forgets the commits after {@code sequence}. */
    void restoreTo(long sequence) {
        random.nextBytes(logId);
        for (Entry gone : log.stream().filter(e -> e.sequence() > sequence).toList()) {
            log.remove(gone);
            byCommit.remove(gone.commit());
            for (Cid collection : gone.collections()) {
                deltas.get(collection).removeAll(deltaCids(gone.blocks()));
                heads.remove(collection);
            }
        }
    }

    private static Set<Cid> deltaCids(List<Block> share) {
        var cids = new HashSet<Cid>();
        share.stream().skip(1).filter(b -> b.cid().codec() == Cid.DAG_CBOR).forEach(b -> cids.add(b.cid()));
        return cids;
    }

    /** Commits a change of each of the collections on top of what stands; {@code rawBytes} of large values beside. */
    Cid write(int rawBytes, Cid... collections) {
        var parts = new TreeMap<Cid, Part>();
        var blocks = new ArrayList<Block>();
        for (Cid collection : collections) {
            Cid head = heads.get(collection);
            byte[] salt = new byte[16];
            random.nextBytes(salt);
            Block delta = Block.of(
                    Cid.DAG_CBOR, DagCbor.encode(List.of(collection, head == null ? List.of() : List.of(head), salt)));
            blocks.add(delta);
            parts.put(collection, new Part(1, delta.cid()));
        }
        for (int left = rawBytes; left > 0; left -= 256 << 10) {
            byte[] raw = new byte[Math.min(left, 256 << 10)];
            random.nextBytes(raw);
            blocks.add(Block.of(Cid.RAW, raw));
        }
        Commit commit = new Commit(log.size() + 1, author, parts, new byte[Commit.SIGNATURE_BYTES]);
        blocks.add(0, Block.of(Cid.DAG_CBOR, commit.encode()));
        append(blocks);
        return blocks.get(0).cid();
    }

    private long append(List<Block> share) {
        Commit commit = Commit.decode(share.get(0).bytes());
        for (Map.Entry<Cid, Part> part : commit.parts().entrySet()) {
            heads.put(part.getKey(), part.getValue().root());
            deltas.computeIfAbsent(part.getKey(), c -> new TreeSet<>())
                    .add(part.getValue().root());
        }
        long sequence = lastSequence() + 1;
        var entry = new Entry(
                sequence, share.get(0).cid(), Set.copyOf(commit.parts().keySet()), List.copyOf(share));
        log.add(entry);
        byCommit.put(entry.commit(), entry);
        return sequence;
    }

    // LogTail

    @Override
    public byte[] logId() {
        return logId.clone();
    }

    @Override
    public long lastSequence() {
        return log.isEmpty() ? 0 : log.get(log.size() - 1).sequence();
    }

    @Override
    public Page read(long after, long upTo, Set<Cid> collections, Map<Cid, Membership> members, int bytesMax) {
        var shares = new ArrayList<OutgoingShare>();
        int bytes = 0;
        for (Entry entry : log) {
            if (entry.sequence() <= after) {
                continue;
            }
            if (entry.sequence() > upTo) {
                break;
            }
            var in = new HashSet<>(entry.collections());
            in.retainAll(collections);
            if (in.isEmpty()) {
                continue;
            }
            int size = entry.blocks().stream().mapToInt(b -> b.bytes().length).sum();
            if (!shares.isEmpty() && bytes + size > bytesMax) {
                return new Page(shares.get(shares.size() - 1).sequence(), shares, bytes);
            }
            bytes += size;
            shares.add(new OutgoingShare(entry.sequence(), entry.commit(), in, entry.blocks()));
        }
        return new Page(upTo, shares, bytes);
    }

    @Override
    public Optional<Cid> stateHash(Cid collection) {
        if (!held.contains(collection)) {
            return Optional.empty();
        }
        var sha = new StringBuilder();
        deltas.getOrDefault(collection, new TreeSet<>()).forEach(sha::append);
        return Optional.of(Cid.ofDigest(Cid.RAW, Sha256.digest(sha.toString().getBytes(StandardCharsets.US_ASCII))));
    }

    @Override
    public long publishedSequence() {
        return lastSequence();
    }

    @Override
    public Backlog backlog(long after, Cid collection) {
        throw new UnsupportedOperationException("nobody asks here");
    }

    @Override
    public long instance(Cid collection) {
        return instances.getOrDefault(collection, 1L);
    }

    /** All of a collection is one document here. */
    private static DocumentId document(Cid collection) {
        return DocumentId.of(Sha256.digest(collection.toBytes()));
    }

    @Override
    public Optional<HeadTree> heads(Cid collection) {
        if (!held.contains(collection)) {
            return Optional.empty();
        }
        var tree = new HeadTree();
        List<Cid> all = headsOf(collection, document(collection));
        if (!all.isEmpty()) {
            tree.put(document(collection), Sha256.digest(all.toString().getBytes(StandardCharsets.US_ASCII)));
        }
        return Optional.of(tree);
    }

    @Override
    public List<Cid> headsOf(Cid collection, DocumentId document) {
        var all = new TreeSet<>(deltas.getOrDefault(collection, new TreeSet<>()));
        for (Entry entry : log) {
            entry.blocks().forEach(block -> all.removeAll(parents(collection, block)));
        }
        return List.copyOf(all);
    }

    private static List<Cid> parents(Cid collection, Block block) {
        if (block.cid().codec() == Cid.DAG_CBOR && DagCbor.decode(block.bytes()) instanceof List<?> delta) {
            if (collection.equals(delta.get(0))) {
                return ((List<?>) delta.get(1)).stream().map(Cid.class::cast).toList();
            }
        }
        return List.of();
    }

    @Override
    public Optional<Missing> missing(Map<Cid, Map<DocumentId, List<Cid>>> heads, long upTo) {
        var sequences = new TreeSet<Long>();
        boolean uncertain = false;
        for (var entry : heads.entrySet()) {
            Cid collection = entry.getKey();
            if (!entry.getValue().containsKey(document(collection))) {
                continue;
            }
            var known = new HashSet<>(entry.getValue().get(document(collection)));
            uncertain |= !deltas.getOrDefault(collection, new TreeSet<>()).containsAll(known);
            for (int i = log.size() - 1; i >= 0; i--) {
                for (Block block : log.get(i).blocks()) {
                    if (known.contains(block.cid())) {
                        known.addAll(parents(collection, block));
                    } else if (log.get(i).sequence() <= upTo
                            && deltas.getOrDefault(collection, new TreeSet<>()).contains(block.cid())) {
                        sequences.add(log.get(i).sequence());
                    }
                }
            }
        }
        return Optional.of(new Missing(List.copyOf(sequences), uncertain));
    }

    @Override
    public Page readChosen(List<Long> sequences, Set<Cid> collections, Map<Cid, Membership> members, int bytesMax) {
        var shares = new ArrayList<OutgoingShare>();
        int bytes = 0;
        long scannedTo = 0;
        for (long sequence : sequences) {
            Page one = read(sequence - 1, sequence, collections, bytesMax);
            if (bytes > 0 && bytes + one.bytes() > bytesMax) {
                break;
            }
            bytes += one.bytes();
            shares.addAll(one.shares());
            scannedTo = sequence;
        }
        return new Page(scannedTo, shares, bytes);
    }

    @Override
    public boolean isEmpty(Cid collection) {
        return deltas.getOrDefault(collection, new TreeSet<>()).isEmpty();
    }

    @Override
    public boolean contains(Cid commit) {
        return byCommit.containsKey(commit);
    }

    @Override
    public boolean contains(Cid commit, Cid collection) {
        return contains(commit);
    }

    @Override
    public Runnable onAdvance(Runnable listener) {
        throw new UnsupportedOperationException("machines are told by the test");
    }

    // ShareSink

    @Override
    public CompletableFuture<AdmissionOutcome> admit(PeerId from, List<Block> share) {
        return CompletableFuture.completedFuture(outcome(from, share));
    }

    @Override
    public CompletableFuture<AdmissionOutcome> admitGossiped(PeerId from, List<Block> share) {
        throw new UnsupportedOperationException("nothing is gossiped here");
    }

    private AdmissionOutcome outcome(PeerId from, List<Block> share) {
        Cid cid = share.get(0).cid();
        if (contains(cid)) {
            knownAgain++;
            return new AdmissionOutcome.AlreadyKnown();
        }
        if (spoiled.contains(cid)) {
            return new AdmissionOutcome.Invalid("spoiled");
        }
        if (early.getOrDefault(cid, 0L) > nowMillis) {
            return new AdmissionOutcome.Later(early.get(cid));
        }
        Commit commit = Commit.decode(share.get(0).bytes());
        for (Cid collection : commit.parts().keySet()) {
            if (!holds(collection)) {
                return new AdmissionOutcome.UnknownCollection(collection);
            }
        }
        if (forbidden.contains(from)) {
            return new AdmissionOutcome.Refused("may not write here");
        }
        var missing = new ArrayList<Cid>();
        for (Block block : share.subList(1, share.size())) {
            if (block.cid().codec() == Cid.DAG_CBOR) {
                var delta = (List<?>) DagCbor.decode(block.bytes());
                for (Object parent : (List<?>) delta.get(1)) {
                    if (!deltas.getOrDefault((Cid) delta.get(0), new TreeSet<>())
                            .contains(parent)) {
                        missing.add((Cid) parent);
                    }
                }
            }
        }
        if (!missing.isEmpty()) {
            return new AdmissionOutcome.MissingParents(missing);
        }
        applied++;
        return new AdmissionOutcome.Applied(append(share));
    }

    // Collections

    @Override
    public boolean holds(Cid collection) {
        return held.contains(collection);
    }

    @Override
    public boolean mayWrite(PeerId writer, Cid collection) {
        return !forbidden.contains(writer);
    }

    @Override
    public boolean mayRead(PeerId reader, Cid collection) {
        return true;
    }

    @Override
    public Set<Cid> held() {
        throw new UnsupportedOperationException("nothing is published here");
    }

    @Override
    public RowPredicate predicate(Cid collection, String sql) {
        throw new UnsupportedOperationException("there are no rows here");
    }

    @Override
    public String nameOf(Cid collection) {
        return collection.toString();
    }

    @Override
    public Runnable onChange(Runnable listener) {
        throw new UnsupportedOperationException("machines are told by the test");
    }

    // DurableRecords

    @Override
    public Map<String, byte[]> all() {
        return Map.copyOf(records);
    }

    @Override
    public CompletableFuture<Void> put(String key, byte[] value) {
        records.put(key, value);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Void> remove(String key) {
        records.remove(key);
        return CompletableFuture.completedFuture(null);
    }
}
