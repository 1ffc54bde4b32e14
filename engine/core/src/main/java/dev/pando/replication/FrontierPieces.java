package dev.pando.replication;

import dev.pando.ipld.Cid;
import dev.pando.libp2p.PeerId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What the {@link Frontier} holds: of each commit one piece of each source, which is a peer that vouches for what it
 * brings, or the same peer as one that only passed it on. Bounded; not thread-safe.
 */
final class FrontierPieces {

    /** Bytes of blocks held. The peer that fills it most loses its oldest piece. */
    static final long BYTES_MAX = Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 10);

    /** Of these, of one peer; with more its oldest piece goes. */
    static final long PEER_BYTES_MAX = BYTES_MAX / 4;

    /** Pieces held of one peer; with more its oldest goes. */
    static final int PEER_PIECES_MAX = 1_024;

    private final Map<Cid, List<FrontierPiece>> held = new LinkedHashMap<>();
    private final Map<PeerId, Use> uses = new HashMap<>();
    private long bytes;

    private static final class Use {
        long bytes;
        int pieces;
    }

    /** The pieces of one commit, in the order in which they came. */
    List<FrontierPiece> of(Cid commit) {
        return List.copyOf(held.getOrDefault(commit, List.of()));
    }

    /** Commits of which something is held, the oldest first. */
    Set<Cid> commits() {
        return held.keySet();
    }

    /** Holds a piece in the place of the one of the same source. One that is too large for any peer is not kept. */
    void put(FrontierPiece piece) {
        Cid commit = piece.share().cid();
        of(commit).stream().filter(piece::isOfSameSource).forEach(this::remove);
        if (piece.bytes() > PEER_BYTES_MAX) {
            return; // it is offered again when its time has come
        }
        PeerId from = piece.from();
        Use use = uses.computeIfAbsent(from, p -> new Use());
        while (use.pieces >= PEER_PIECES_MAX || use.pieces > 0 && use.bytes + piece.bytes() > PEER_BYTES_MAX) {
            dropOldest(from);
        }
        uses.put(from, use); // it may have lost its last
        held.computeIfAbsent(commit, c -> new ArrayList<>()).add(piece);
        use.pieces++;
        use.bytes += piece.bytes();
        bytes += piece.bytes();
        while (bytes > BYTES_MAX && uses.size() > 1) {
            dropOldest(uses.entrySet().stream()
                    .max(Map.Entry.comparingByValue((a, b) -> Long.compare(a.bytes, b.bytes)))
                    .orElseThrow()
                    .getKey());
        }
    }

    private void dropOldest(PeerId peer) {
        FrontierPiece oldest = held.values().stream()
                .flatMap(List::stream)
                .filter(piece -> piece.from().equals(peer))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(peer + " has nothing to lose"));
        remove(oldest);
    }

    /** Holds nothing of a commit any more. */
    void remove(Cid commit) {
        of(commit).forEach(this::remove);
    }

    private void remove(FrontierPiece piece) {
        Cid commit = piece.share().cid();
        List<FrontierPiece> pieces = Objects.requireNonNull(held.get(commit));
        pieces.remove(piece);
        if (pieces.isEmpty()) {
            held.remove(commit);
        }
        bytes -= piece.bytes();
        Use use = Objects.requireNonNull(uses.get(piece.from()));
        use.pieces--;
        use.bytes -= piece.bytes();
        if (use.pieces == 0) {
            uses.remove(piece.from());
        }
    }

    boolean isEmpty() {
        return held.isEmpty();
    }

    long bytes() {
        return bytes;
    }

    int size() {
        return held.values().stream().mapToInt(List::size).sum();
    }
}
