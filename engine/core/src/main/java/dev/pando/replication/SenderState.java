package dev.pando.replication;

import dev.pando.ipld.Cid;
import dev.pando.libp2p.PeerId;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the rooms of a {@link Sender} share: {@link Greeting}, {@link Comparison} and {@link SendWindow}. Theirs alone. */
final class SenderState {

    final PeerId peer;
    final LogTail tail;
    final SortedMap<Cid, ReplicatorScope> scopes = new TreeMap<>();
    final SharesOfPeer fromPeer = new SharesOfPeer();
    private final Consumer<String> violated;

    /** What is to be done after the present input. */
    List<Sender.Output> out = new ArrayList<>();

    /** Physical time of the present input. */
    long nowMillis;

    /** Counts streams, so that what belongs to an earlier one is known. */
    long stream;

    @Nullable
    String lastError;

    /** @param violated ends the stream, because the peer did what it must not */
    SenderState(PeerId peer, LogTail tail, Consumer<String> violated) {
        this.peer = peer;
        this.tail = tail;
        this.violated = violated;
    }

    void send(ReplicateMessage message) {
        out.add(new Sender.Send(message));
    }

    void violated(String reason) {
        violated.accept(reason);
    }

    List<ReplicatorScope> active() {
        return scopes.values().stream().filter(ReplicatorScope::active).toList();
    }
}
