package dev.pando.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.dag.DecodedDelta;
import dev.pando.dag.Delta;
import dev.pando.dag.Stamp;
import dev.pando.dag.Value;
import dev.pando.ipld.Cid;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class DocumentStatePropertyTest {

    private static final String TITLE = "title:text:set";

    private static final ColumnNumbers NUMBERS = new ColumnNumbers() {
        @Override
        public int number(String column) {
            return column.equals(TITLE) ? 0 : column.equals("id:int:set") ? 1 : -1;
        }

        @Override
        public String column(int number) {
            return number == 0 ? TITLE : "id:int:set";
        }

        @Override
        public int count() {
            return 2;
        }
    };

    @Property(tries = 300)
    void anyCausalOrderWithDuplicatesGivesOneState(
            @ForAll @LongRange(min = 0) long seed, @ForAll @IntRange(min = 1, max = 60) int count) {
        List<DecodedDelta> deltas = Histories.of(seed, count);
        DocumentState expected = apply(deltas);
        byte[] bytes = expected.encode(NUMBERS);
        Random random = new Random(seed);
        for (int i = 0; i < 3; i++) {
            DocumentState other = apply(Histories.shuffled(deltas, random));
            assertThat(other).isEqualTo(expected);
            assertThat(other.encode(NUMBERS)).isEqualTo(bytes);
        }
        assertThat(DocumentState.fold(deltas, Long.MAX_VALUE)).isEqualTo(expected);
    }

    @Property(tries = 300)
    void storingInBetweenChangesNothing(
            @ForAll @LongRange(min = 0) long seed, @ForAll @IntRange(min = 1, max = 40) int count) {
        DocumentState kept = DocumentState.empty();
        DocumentState stored = DocumentState.empty();
        for (DecodedDelta delta : Histories.of(seed, count)) {
            kept = kept.apply(delta.cid(), delta.delta());
            byte[] bytes = stored.apply(delta.cid(), delta.delta()).encode(NUMBERS);
            stored = DocumentState.decode(bytes, 0, bytes.length, NUMBERS);
            assertThat(stored).isEqualTo(kept);
            assertThat(stored.encode(NUMBERS)).isEqualTo(bytes);
        }
    }

    @Property(tries = 300)
    void theSlowFoldAgrees(@ForAll @LongRange(min = 0) long seed, @ForAll @IntRange(min = 1, max = 40) int count) {
        Map<Cid, Delta> soFar = new HashMap<>();
        DocumentState state = DocumentState.empty();
        for (DecodedDelta delta : Histories.shuffled(Histories.of(seed, count), new Random(seed))) {
            if (soFar.put(delta.cid(), delta.delta()) != null) {
                continue;
            }
            state = state.apply(delta.cid(), delta.delta());
            SlowFold fold = new SlowFold(soFar);
            assertThat(state.live()).isEqualTo(fold.live());
            assertThat(state.headCids()).containsExactlyElementsOf(fold.heads());
            assertThat(state.reset()).isEqualTo(fold.reset());
            assertThat(values(state)).isEqualTo(fold.values());
        }
    }

    @Property(tries = 200)
    void parentsAreCheckedAlikeFromHeadsAndFromHistory(
            @ForAll @LongRange(min = 0) long seed, @ForAll @IntRange(min = 1, max = 40) int count) {
        List<DecodedDelta> deltas = Histories.of(seed, count);
        Map<Cid, Delta> admitted = new HashMap<>();
        DocumentState state = DocumentState.empty();
        for (DecodedDelta delta : deltas) {
            assertThat(Parents.check(delta, state, admitted::get)).isInstanceOf(Parents.Valid.class);
            if (!delta.delta().prev().isEmpty()) {
                assertThat(Parents.check(delta, DocumentState.empty(), cid -> null))
                        .isEqualTo(new Parents.Missing(delta.delta().prev()));
            }
            admitted.put(delta.cid(), delta.delta());
            state = state.apply(delta.cid(), delta.delta());
        }
        // Late: nearly nothing is a head any more, all is read.
        for (DecodedDelta delta : deltas) {
            assertThat(Parents.check(delta, state, admitted::get)).isInstanceOf(Parents.Valid.class);
        }
    }

    @Property(tries = 200)
    void conflictsAreThoseThatTheGraphTells(
            @ForAll @LongRange(min = 0) long seed, @ForAll @IntRange(min = 1, max = 40) int count) {
        Map<Cid, Delta> admitted = new HashMap<>();
        DocumentState state = DocumentState.empty();
        for (DecodedDelta delta : Histories.shuffled(Histories.of(seed, count), new Random(seed))) {
            if (admitted.containsKey(delta.cid())) {
                continue;
            }
            List<Conflict> conflicts = Conflict.of(state, delta, new Ancestry(admitted::get));
            Stamp present = state.setBy(TITLE);
            boolean concurrent =
                    present != null && !ancestors(delta.delta(), admitted).contains(present.cid());
            boolean sets = delta.delta().ops().containsKey(TITLE);
            assertThat(conflicts.isEmpty()).isEqualTo(!(sets && concurrent && counts(state, delta)));
            for (Conflict conflict : conflicts) {
                assertThat(conflict.winner()).isGreaterThan(conflict.loser());
                assertThat(Set.of(conflict.winner(), conflict.loser())).isEqualTo(Set.of(delta.stamp(), present));
            }
            admitted.put(delta.cid(), delta.delta());
            state = state.apply(delta.cid(), delta.delta());
        }
    }

    private static boolean counts(DocumentState state, DecodedDelta delta) {
        Cid incarnation = delta.delta().incarnation();
        return incarnation == null
                ? state.reset() == null || delta.stamp().compareTo(state.reset()) > 0
                : state.incarnation(incarnation) != null;
    }

    private static Set<Cid> ancestors(Delta delta, Map<Cid, Delta> admitted) {
        Set<Cid> ancestors = new HashSet<>();
        collect(delta, admitted, ancestors);
        return ancestors;
    }

    private static void collect(Delta delta, Map<Cid, Delta> admitted, Set<Cid> ancestors) {
        for (Cid parent : delta.prev()) {
            if (ancestors.add(parent)) {
                collect(admitted.get(parent), admitted, ancestors);
            }
        }
    }

    private static DocumentState apply(List<DecodedDelta> deltas) {
        DocumentState state = DocumentState.empty();
        Set<Cid> known = new HashSet<>();
        for (DecodedDelta delta : deltas) {
            if (known.add(delta.cid())) {
                state = state.apply(delta.cid(), delta.delta());
            }
        }
        return state;
    }

    private static SortedMap<String, Value> values(DocumentState state) {
        SortedMap<String, Value> values = new TreeMap<>();
        for (String column : state.columns()) {
            values.put(column, state.value(column));
        }
        return values;
    }
}
