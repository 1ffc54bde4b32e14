package dev.pando.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.ColumnType.Family;
import dev.pando.dag.BlockSource;
import dev.pando.dag.DecodedDelta;
import dev.pando.dag.Delta;
import dev.pando.dag.Live;
import dev.pando.dag.Made;
import dev.pando.dag.Stamp;
import dev.pando.dag.Values;
import dev.pando.ipld.Cid;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DocumentStateTest {

    private static final String LIKES = "likes:int:add";
    private static final String TITLE = "title:text:set";

    @Test
    void twentyStackedDiamondsOfACounterAreExactAndLinear() {
        Delta insert = Made.insert(1, 1, 0, Map.of(LIKES, Made.add(1)));
        Cid begin = Made.cid(insert);
        Cid bottom = begin;
        DocumentState state = DocumentState.empty().apply(bottom, insert);
        int bytes = state.encode(ColumnNumbers.NONE).length;
        for (int i = 0; i < 20; i++) {
            long hlc = 2 + 2 * i;
            Map<String, dev.pando.dag.FieldOp> one = Map.of(LIKES, Made.add(1));
            Delta left = Made.follow(1, List.of(bottom), begin, hlc, 1, null, one);
            Delta right = Made.follow(1, List.of(bottom), begin, hlc, 2, null, one);
            Delta top = Made.follow(1, List.of(Made.cid(left), Made.cid(right)), begin, hlc + 1, 3, null, one);
            for (Delta delta : List.of(right, left, top)) {
                state = state.apply(Made.cid(delta), delta);
            }
            bottom = Made.cid(top);
            assertThat(state.encode(ColumnNumbers.NONE).length)
                    .isLessThan(bytes + 48); // one stamp more, and digits of the sum
        }
        assertThat(Values.decodeAmount(state.value(LIKES))).isEqualTo(BigInteger.valueOf(61));
        assertThat(state.heads()).hasSize(1);
    }

    @Test
    void aLateUpdateOfADeletedLifeIsNotReadAgain() {
        Delta first = Made.insert(1, 10, 1, Map.of(LIKES, Made.add(5), TITLE, Made.set(Family.TEXT, "old")));
        Delta update =
                Made.follow(1, List.of(Made.cid(first)), Made.cid(first), 40, 2, null, Map.of(LIKES, Made.add(7)));
        Delta delete = Made.follow(1, List.of(Made.cid(first)), Made.cid(first), 20, 3, Live.DELETE, Map.of());
        Delta second = Made.follow(1, List.of(Made.cid(delete)), null, 30, 4, Live.INSERT, Map.of(LIKES, Made.add(2)));
        DocumentState state = DocumentState.empty();
        for (Delta delta : List.of(first, delete, second, update)) {
            state = state.apply(Made.cid(delta), delta);
        }
        assertThat(state.live()).isTrue();
        assertThat(Values.decodeAmount(state.value(LIKES))).isEqualTo(BigInteger.TWO);
        assertThat(state.value(TITLE)).isNull();
        assertThat(state.heads()).hasSize(2);
    }

    @Test
    void insertsThatDidNotSeeEachOtherAddUp() {
        Delta here = Made.insert(1, 10, 1, Map.of(LIKES, Made.add(5), TITLE, Made.set(Family.TEXT, "here")));
        Delta there = Made.insert(1, 11, 2, Map.of(LIKES, Made.add(5), TITLE, Made.set(Family.TEXT, "there")));
        DocumentState state =
                DocumentState.empty().apply(Made.cid(there), there).apply(Made.cid(here), here);
        assertThat(Values.decodeAmount(state.value(LIKES))).isEqualTo(BigInteger.TEN);
        assertThat(Values.decode(Family.TEXT, 0, state.value(TITLE), BlockSource.EMPTY))
                .isEqualTo("there");
        assertThat(state.incarnationCount()).isEqualTo(2);
        Delta delete = Made.follow(1, state.headCids(), Made.cid(there), 12, 3, Live.DELETE, Map.of());
        assertThat(state.apply(Made.cid(delete), delete).live()).isFalse();
    }

    @Test
    void hostileParentsAreNamed() {
        Delta insert = Made.insert(1, 10, 1, Map.of());
        Delta other = Made.insert(2, 10, 1, Map.of());
        DocumentState state = DocumentState.empty().apply(Made.cid(insert), insert);
        Map<Cid, Delta> admitted = Map.of(Made.cid(insert), insert, Made.cid(other), other);
        assertThat(reason(state, admitted, List.of(Made.cid(insert)), Made.cid(insert), 10))
                .contains("hlc");
        assertThat(reason(state, admitted, List.of(Made.cid(other)), Made.cid(other), 11))
                .contains("another document");
        assertThat(reason(state, admitted, List.of(Made.cid(insert)), Made.cid(other), 11))
                .contains("inc");
        Delta second = Made.insert(1, 12, 2, Map.of());
        DocumentState both = state.apply(Made.cid(second), second);
        List<Cid> prev = List.of(Made.cid(insert), Made.cid(second));
        assertThat(reason(both, Map.of(), prev, Made.cid(insert), 13)).contains("inc");
        DecodedDelta right = Made.decoded(Made.follow(1, prev, Made.cid(second), 13, 1, null, Map.of()));
        assertThat(Parents.check(right, both, cid -> null)).isInstanceOf(Parents.Valid.class);
    }

    private static String reason(
            DocumentState state, Map<Cid, Delta> admitted, List<Cid> prev, Cid incarnation, long hlc) {
        DecodedDelta delta = Made.decoded(Made.follow(1, prev, incarnation, hlc, 9, null, Map.of()));
        return ((Parents.Invalid) Parents.check(delta, state, admitted::get)).reason();
    }

    @Test
    void anAncestorTooFarAwayIsNotGuessed() {
        Delta insert = Made.insert(1, 1, 0, Map.of());
        Map<Cid, Delta> admitted = new HashMap<>(Map.of(Made.cid(insert), insert));
        Delta last = insert;
        for (int i = 0; i < 1000; i++) {
            last = Made.follow(1, List.of(Made.cid(last)), Made.cid(insert), 10 + i, 0, null, Map.of());
            admitted.put(Made.cid(last), last);
        }
        Ancestry ancestry = new Ancestry(admitted::get);
        assertThat(ancestry.isAncestor(Made.decoded(insert).stamp(), last)).isEqualTo(Ancestry.Answer.UNKNOWN);
        assertThat(ancestry.isAncestor(new Stamp(1000, Made.cid(insert)), last)).isEqualTo(Ancestry.Answer.NO);
    }
}
