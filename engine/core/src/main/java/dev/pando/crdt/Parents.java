package dev.pando.crdt;

import dev.pando.dag.DecodedDelta;
import dev.pando.dag.Delta;
import dev.pando.dag.Live;
import dev.pando.dag.Stamp;
import dev.pando.ipld.Cid;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The rules that join a delta to its parents (docs/rules.md §1 and §3), tested at admission. */
public final class Parents {

    private Parents() {}

    /** Whether a delta may follow its parents. */
    public sealed interface Verdict permits Valid, Missing, Invalid {}

    /** It may. */
    public record Valid() implements Verdict {}

    /** These are not admitted yet. */
    public record Missing(List<Cid> parents) implements Verdict {}

    /** It never may: the delta itself is at fault. */
    public record Invalid(String reason) implements Verdict {}

    private static final Valid VALID = new Valid();

    /**
     * Tests {@code delta} against what is admitted.
     *
     * @param state the document's; parents that are heads of it need not be read
     * @param admitted reads an admitted delta, null for a CID that is not one
     */
    public static Verdict check(DecodedDelta delta, DocumentState state, Function<Cid, @Nullable Delta> admitted) {
        List<Cid> missing = new ArrayList<>();
        Set<Cid> incarnations = new LinkedHashSet<>();
        for (Cid parent : delta.delta().prev()) {
            Head head = state.head(parent);
            long parentHlc;
            if (head != null) {
                parentHlc = head.stamp().hlc();
                incarnations.add(head.incarnation());
            } else {
                Delta read = admitted.apply(parent);
                if (read == null) {
                    missing.add(parent);
                    continue;
                }
                if (!sameDocument(delta.delta(), read)) {
                    return new Invalid("parent " + parent + " is of another document");
                }
                parentHlc = read.hlc();
                incarnations.add(read.incarnation(parent));
            }
            if (parentHlc >= delta.delta().hlc()) {
                return new Invalid("hlc " + delta.delta().hlc() + " is not above that of parent " + parent);
            }
        }
        if (!missing.isEmpty()) {
            return new Missing(List.copyOf(missing));
        }
        return checkIncarnation(delta.delta(), incarnations, state, admitted);
    }

    private static Verdict checkIncarnation(
            Delta delta, Set<Cid> incarnations, DocumentState state, Function<Cid, @Nullable Delta> admitted) {
        if (delta.live() == Live.INSERT) {
            return VALID;
        }
        Stamp greatest = null;
        for (Cid incarnation : incarnations) {
            Stamp stamp = incarnations.size() == 1 ? new Stamp(0, incarnation) : stamp(incarnation, state, admitted);
            if (greatest == null || greatest.compareTo(stamp) < 0) {
                greatest = stamp;
            }
        }
        boolean right = greatest != null && Objects.equals(delta.incarnation(), greatest.cid());
        return right ? VALID : new Invalid("inc is not the greatest incarnation among its parents");
    }

    private static Stamp stamp(Cid incarnation, DocumentState state, Function<Cid, @Nullable Delta> admitted) {
        Stamp counting = state.incarnation(incarnation);
        if (counting != null) {
            return counting;
        }
        Delta insert = admitted.apply(incarnation);
        if (insert == null) {
            throw new IllegalStateException("insert " + incarnation + " of an admitted delta is not admitted");
        }
        return new Stamp(insert.hlc(), incarnation);
    }

    private static boolean sameDocument(Delta a, Delta b) {
        return a.document().equals(b.document()) && a.collection().equals(b.collection());
    }
}
