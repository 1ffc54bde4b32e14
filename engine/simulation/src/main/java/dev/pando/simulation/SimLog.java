package dev.pando.simulation;

import dev.pando.DocumentId;
import dev.pando.collection.Fingerprint;
import dev.pando.crdt.SlowFold;
import dev.pando.dag.Commit;
import dev.pando.dag.Delta;
import dev.pando.dag.ListBlock;
import dev.pando.dag.Part;
import dev.pando.dag.Value;
import dev.pando.ipld.Block;
import dev.pando.ipld.CarFrame;
import dev.pando.ipld.CarReader;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DagCbor;
import dev.pando.ipld.DecodeException;
import dev.pando.store.Disk;
import dev.pando.store.DiskFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the log of a node says, read from its segments as CAR archives and folded the slow way: shares no code with the
 * store's recovery or the engine's rows.
 */
final class SimLog {

    /** Codec of records of the node itself. */
    private static final long LOCAL_RECORD = 0x300001;

    /** Codec of the block that ends a transaction: docs/formats/log.md. */
    private static final long MARKER = 0x300002;

    private final Map<Cid, Map<DocumentId, Map<Cid, Delta>>> documents = new LinkedHashMap<>();

    private final Map<Cid, Commit> commits = new LinkedHashMap<>();
    private final Map<Cid, ListBlock> lists = new LinkedHashMap<>();

    /** Commits by the sequence that they have in this log. */
    private final NavigableMap<Long, Commit> bySequence = new TreeMap<>();

    /** Deltas by the sequence of their transaction, for {@link #withdraw}. */
    private final Map<Long, List<Placed>> deltas = new LinkedHashMap<>();

    private long sequence;

    private record Placed(Cid cid, Delta delta) {}

    private SimLog() {}

    /** Reads the segments on {@code disk}. */
    static SimLog read(Disk disk) {
        var log = new SimLog();
        try {
            for (String name : disk.list("")) {
                if (name.startsWith("seg-") && name.endsWith(".car")) {
                    log.readSegment(disk, name);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return log;
    }

    private void readSegment(Disk disk, String name) throws IOException {
        try (DiskFile file = disk.open(name, false)) {
            var bytes = ByteBuffer.allocate((int) file.size());
            file.read(0, bytes);
            CarReader frames = CarReader.open(bytes.flip(), false);
            var transaction = new ArrayList<Block>();
            for (CarFrame frame = frames.next(); frame != null; frame = frames.next()) {
                if (frame.block().cid().codec() == MARKER) {
                    sequence++;
                    transaction.forEach(this::checked);
                    transaction.clear();
                } else {
                    transaction.add(frame.block());
                }
            }
        } catch (DecodeException e) {
            /* The torn tail of a log that a crash cut off. Whether more is damaged is for the rows to show. */
            if (!name.equals(last(disk))) {
                throw e;
            }
        }
    }

    /* Padding, which is most of a segment, is not worth a hash. */
    private void checked(Block block) {
        if (!block.matches()) {
            throw new DecodeException("the bytes do not have the hash of " + block.cid());
        }
        take(block);
    }

    private static String last(Disk disk) throws IOException {
        List<String> names = disk.list("");
        return names.stream().filter(n -> n.startsWith("seg-")).reduce("", (a, b) -> b);
    }

    private void take(Block block) {
        if (block.cid().codec() == LOCAL_RECORD) {
            withdraw(block);
        }
        if (block.cid().codec() != Cid.DAG_CBOR) {
            return;
        }
        Delta delta = ifAny(block, Delta::decode);
        if (delta == null) {
            Commit commit = ifAny(block, Commit::decode);
            ListBlock list = commit == null ? ifAny(block, ListBlock::decode) : null;
            if (commit != null) {
                commits.put(block.cid(), commit);
                bySequence.put(sequence, commit);
            } else if (list != null) {
                lists.put(block.cid(), list);
            }
            return;
        }
        documents
                .computeIfAbsent(delta.collection(), c -> new TreeMap<>())
                .computeIfAbsent(delta.document(), d -> new LinkedHashMap<>())
                .put(block.cid(), delta);
        deltas.computeIfAbsent(sequence, at -> new ArrayList<>()).add(new Placed(block.cid(), delta));
    }

    /** What repair_clock took back counts for nothing: docs/formats/local-records.md. */
    private void withdraw(Block block) {
        if (DagCbor.decode(block.bytes()) instanceof Map<?, ?> record
                && "Withdrawn".equals(record.get("k"))
                && record.get("value") instanceof byte[] value
                && DagCbor.decode(value) instanceof Map<?, ?> fields
                && fields.get("commits") instanceof List<?> distances) {
            long at = 0;
            for (Object distance : distances) {
                at += (Long) distance;
                bySequence.remove(at);
                for (Placed placed : deltas.getOrDefault(at, List.of())) {
                    Map<DocumentId, Map<Cid, Delta>> ofCollection =
                            documents.getOrDefault(placed.delta().collection(), Map.of());
                    Map<Cid, Delta> ofDocument =
                            ofCollection.getOrDefault(placed.delta().document(), Map.of());
                    ofDocument.remove(placed.cid());
                    if (ofDocument.isEmpty()) {
                        ofCollection.remove(placed.delta().document());
                    }
                }
            }
        }
    }

    /** The block as one kind of block, or null: the keys of the three kinds differ. */
    private static <T> @Nullable T ifAny(Block block, Function<byte[], T> decode) {
        try {
            return decode.apply(block.bytes());
        } catch (DecodeException e) {
            return null;
        }
    }

    /**
     * That every delta has its proof in the log: a commit, signed by the delta's author, that leads to it.
     *
     * @return what is wrong, or empty
     */
    List<String> unproven() {
        var proven = new HashMap<Cid, byte[]>();
        for (Map.Entry<Cid, Commit> entry : commits.entrySet()) {
            Commit commit = entry.getValue();
            if (commit.verifySignature()) {
                commit.parts().values().forEach(part -> prove(part.root(), commit.author(), proven));
            }
        }
        var wrong = new ArrayList<String>();
        documents
                .values()
                .forEach(byDocument -> byDocument
                        .values()
                        .forEach(deltas -> deltas.forEach((cid, delta) -> {
                            if (!Arrays.equals(proven.get(cid), delta.author())) {
                                wrong.add("delta " + cid + " has no commit of its author");
                            }
                        })));
        return wrong;
    }

    private void prove(Cid cid, byte[] author, Map<Cid, byte[]> proven) {
        ListBlock list = lists.get(cid);
        if (list == null) {
            proven.put(cid, author);
        } else {
            list.links().forEach(link -> prove(link, author, proven));
        }
    }

    /** Commits with a part in {@code collection} up to a sequence that {@code other} has not. */
    List<Long> lackedBy(SimLog other, Cid collection, long upTo) {
        var lacked = new ArrayList<Long>();
        bySequence.headMap(upTo, true).forEach((at, commit) -> {
            Part part = commit.parts().get(collection);
            if (part != null && !other.holds(part.root())) {
                lacked.add(at);
            }
        });
        return lacked;
    }

    /** Deltas of a collection that {@code other} lacks, each with its author, the place of its commit here and its time. */
    List<String> withoutThoseOf(SimLog other, Cid collection) {
        var found = new ArrayList<String>();
        var theirs = other.documents.getOrDefault(collection, Map.of());
        documents
                .getOrDefault(collection, Map.of())
                .forEach((document, deltas) -> deltas.forEach((cid, delta) -> {
                    if (!theirs.getOrDefault(document, Map.of()).containsKey(cid)) {
                        found.add(cid + " by " + HexFormat.of().formatHex(delta.author(), 0, 4) + " at "
                                + delta.hlc() / 65_536
                                + " ms, sequence "
                                + bySequence.entrySet().stream()
                                        .filter(e -> e.getValue().hlc() == delta.hlc())
                                        .map(e -> "" + e.getKey())
                                        .toList());
                    }
                }));
        return found;
    }

    private boolean holds(Cid root) {
        return lists.containsKey(root)
                || documents.values().stream()
                        .anyMatch(byDocument -> byDocument.values().stream().anyMatch(d -> d.containsKey(root)));
    }

    /** Deltas that are not later than what they build upon. */
    List<String> outOfTime() {
        var wrong = new ArrayList<String>();
        documents
                .values()
                .forEach(byDocument -> byDocument
                        .values()
                        .forEach(deltas ->
                                deltas.forEach((cid, delta) -> delta.prev().forEach(parent -> {
                                    Delta before = deltas.get(parent);
                                    if (before == null || before.hlc() >= delta.hlc()) {
                                        wrong.add("delta " + cid + " is not later than " + parent + ", or lacks it");
                                    }
                                }))));
        return wrong;
    }

    /** Live documents of a collection with their values by column id, key columns included. */
    SortedMap<DocumentId, SortedMap<String, Value>> rows(Cid collection) {
        var rows = new TreeMap<DocumentId, SortedMap<String, Value>>();
        documents.getOrDefault(collection, Map.of()).forEach((document, deltas) -> {
            var fold = new SlowFold(deltas);
            if (fold.live()) {
                var values = fold.values();
                deltas.values().forEach(delta -> {
                    if (delta.key() != null) {
                        values.putAll(delta.key());
                    }
                });
                rows.put(document, values);
            }
        });
        return rows;
    }

    /** The state hash by the rule, from all documents and their heads. */
    Cid stateHash(Cid collection) {
        var fingerprint = new Fingerprint();
        documents
                .getOrDefault(collection, Map.of())
                .forEach((document, deltas) ->
                        fingerprint.add(Fingerprint.leaf(document, List.copyOf(new SlowFold(deltas).heads()))));
        return fingerprint.stateHash();
    }

    /** Deltas of a collection. */
    int deltas(Cid collection) {
        return documents.getOrDefault(collection, Map.of()).values().stream()
                .mapToInt(Map::size)
                .sum();
    }
}
