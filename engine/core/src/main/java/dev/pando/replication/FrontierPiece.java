package dev.pando.replication;

import dev.pando.dag.VerifiedShare;
import dev.pando.ipld.Cid;
import dev.pando.libp2p.PeerId;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one peer brought of a commit.
 *
 * @param voucher whose right to write counts for it beside the author's; null for a peer that only passed it on
 */
record FrontierPiece(PeerId from, @Nullable PeerId voucher, VerifiedShare share) {

    long bytes() {
        return share.byteSize();
    }

    boolean isOfSameSource(FrontierPiece other) {
        return from.equals(other.from) && Objects.equals(voucher, other.voucher);
    }

    boolean has(Cid delta) {
        return share.parts().stream()
                .flatMap(part -> part.deltas().stream())
                .anyMatch(d -> d.cid().equals(delta));
    }
}
