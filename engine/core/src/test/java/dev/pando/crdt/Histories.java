package dev.pando.crdt;

import dev.pando.ColumnType.Family;
import dev.pando.dag.DecodedDelta;
import dev.pando.dag.Delta;
import dev.pando.dag.FieldOp;
import dev.pando.dag.Live;
import dev.pando.dag.Made;
import dev.pando.dag.Values;
import dev.pando.ipld.Cid;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Random histories of one document, as several replicas that see each other late would make them. */
final class Histories {

    private static final int REPLICAS = 4;

    private final Random random;
    private final List<DecodedDelta> made = new ArrayList<>();
    private final List<DocumentState> states = new ArrayList<>();
    private final List<Set<Cid>> known = new ArrayList<>();

    private Histories(long seed) {
        random = new Random(seed);
        for (int i = 0; i < REPLICAS; i++) {
            states.add(DocumentState.empty());
            known.add(new HashSet<>());
        }
    }

    /** Deltas in a causal order. */
    static List<DecodedDelta> of(long seed, int count) {
        Histories histories = new Histories(seed);
        while (histories.made.size() < count) {
            histories.step();
        }
        return histories.made;
    }

    /** The same deltas in another causal order, some delivered twice. */
    static List<DecodedDelta> shuffled(List<DecodedDelta> deltas, Random random) {
        List<DecodedDelta> left = new ArrayList<>(deltas);
        Set<Cid> done = new HashSet<>();
        List<DecodedDelta> order = new ArrayList<>();
        while (!left.isEmpty()) {
            DecodedDelta next = left.get(random.nextInt(left.size()));
            if (done.containsAll(next.delta().prev())) {
                left.remove(next);
                done.add(next.cid());
                order.add(next);
                if (random.nextInt(4) == 0) {
                    order.add(order.get(random.nextInt(order.size())));
                }
            }
        }
        return order;
    }

    private void step() {
        int replica = random.nextInt(REPLICAS);
        if (random.nextInt(3) > 0) {
            exchange(random.nextInt(REPLICAS), replica);
        }
        DocumentState state = states.get(replica);
        List<Cid> prev = new ArrayList<>(state.headCids());
        // Clocks are skewed: now and then far behind what others wrote, never behind the parents.
        long hlc = 1 + random.nextInt(40);
        for (Head head : state.heads()) {
            hlc = Math.max(hlc, head.stamp().hlc() + 1);
        }
        Delta delta;
        if (!state.live()) {
            delta = prev.isEmpty()
                    ? Made.insert(1, hlc, made.size(), ops())
                    : Made.follow(1, prev, null, hlc, made.size(), Live.INSERT, ops());
        } else {
            boolean delete = random.nextInt(8) == 0;
            Cid incarnation = state.greatestIncarnation().cid();
            delta = Made.follow(
                    1, prev, incarnation, hlc, made.size(), delete ? Live.DELETE : null, delete ? Map.of() : ops());
        }
        deliver(replica, Made.decoded(delta));
    }

    private void exchange(int from, int to) {
        for (DecodedDelta delta : made) {
            if (known.get(from).contains(delta.cid()) && known.get(to).add(delta.cid())) {
                states.set(to, states.get(to).apply(delta.cid(), delta.delta()));
            }
        }
    }

    private void deliver(int replica, DecodedDelta delta) {
        made.add(delta);
        known.get(replica).add(delta.cid());
        states.set(replica, states.get(replica).apply(delta.cid(), delta.delta()));
    }

    private Map<String, FieldOp> ops() {
        Map<String, FieldOp> ops = new HashMap<>();
        if (random.nextBoolean()) {
            ops.put("title:text:set", Made.set(Family.TEXT, random.nextInt(5) == 0 ? null : "t" + random.nextInt(9)));
        }
        if (random.nextBoolean()) {
            ops.put("likes:int:add", new FieldOp.Add(BigInteger.valueOf(random.nextLong())));
        }
        if (random.nextInt(3) == 0) {
            ops.put("stock:dec2:add", Made.add(random.nextInt(100) - 50));
        }
        if (random.nextInt(3) == 0) {
            ops.put(
                    "best:dec1:max",
                    new FieldOp.Max(Values.encode(Family.DEC, BigDecimal.valueOf(random.nextInt(1000) - 500, 1))));
        }
        if (random.nextInt(3) == 0) {
            ops.put("first:text:min", new FieldOp.Min(Values.encode(Family.TEXT, "x".repeat(random.nextInt(30)))));
        }
        return ops;
    }
}
