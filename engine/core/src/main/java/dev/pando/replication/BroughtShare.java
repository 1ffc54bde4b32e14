package dev.pando.replication;

import dev.pando.dag.DecodedDelta;
import dev.pando.dag.VerifiedShare;
import dev.pando.ipld.Cid;
import dev.pando.libp2p.PeerId;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A share for the writer, and who brought which of it: what several peers brought of a commit is one share, and each
 * vouches, and pays, for its own piece only. Immutable.
 */
public final class BroughtShare {

    private final VerifiedShare share;
    private final List<FrontierPiece> pieces;

    BroughtShare(VerifiedShare share, List<FrontierPiece> pieces) {
        this.share = share;
        this.pieces = List.copyOf(pieces);
    }

    /** @param voucher whose right to write counts beside the author's; null when {@code from} only passed it on */
    public static BroughtShare by(PeerId from, @Nullable PeerId voucher, VerifiedShare share) {
        return of(new FrontierPiece(from, voucher, share));
    }

    static BroughtShare of(FrontierPiece piece) {
        return new BroughtShare(piece.share(), List.of(piece));
    }

    public VerifiedShare share() {
        return share;
    }

    List<FrontierPiece> pieces() {
        return pieces;
    }

    /** Who brought the last of it. */
    PeerId lastFrom() {
        return pieces.get(pieces.size() - 1).from();
    }

    /** Whether each of these deltas was brought by a peer that vouches for it and may do so. */
    public boolean isVouchedFor(Collection<DecodedDelta> deltas, Predicate<PeerId> mayVouch) {
        List<FrontierPiece> allowed = pieces.stream()
                .filter(piece -> piece.voucher() != null && mayVouch.test(piece.voucher()))
                .toList();
        if (allowed.size() == pieces.size()) {
            return true;
        }
        var open = new HashSet<Cid>();
        deltas.forEach(delta -> open.add(delta.cid()));
        allowed.forEach(piece -> piece.share().deltas().forEach(delta -> open.remove(delta.cid())));
        return open.isEmpty();
    }
}
