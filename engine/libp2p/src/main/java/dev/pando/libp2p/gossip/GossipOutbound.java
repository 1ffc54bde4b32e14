package dev.pando.libp2p.gossip;

import dev.pando.libp2p.MessageStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Sends RPCs to one peer, each when the stream has room for it. What waits is merged and bounded: a slow peer loses
 * gossip first, then messages; never subscriptions, grafts and prunes. Used on the scheduler.
 */
final class GossipOutbound {

    /** Bytes of messages that wait for one peer; further ones are dropped, and may be asked for by their ids. */
    static final int WAITING_BYTES_MAX = 4 << 20;

    /** RPCs that wait for one peer; further gossip is dropped. */
    static final int WAITING_MAX = 1_024;

    /** RPCs of messages alone that wait are sent as one of up to this many bytes. */
    static final int MERGED_BYTES_MAX = 60 << 10;

    private final MessageStream stream;
    private final Executor scheduler;
    private final Deque<Rpc> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private boolean writing;
    private boolean closed;

    GossipOutbound(MessageStream stream, Executor scheduler) {
        this.stream = stream;
        this.scheduler = scheduler;
    }

    MessageStream stream() {
        return stream;
    }

    void close() {
        closed = true;
        waiting.clear();
        stream.reset();
    }

    void send(Rpc rpc) {
        if (closed) {
            return;
        }
        for (Rpc piece : pieces(rpc)) {
            Rpc bounded = bounded(piece);
            if (bounded != null) {
                waitingBytes += bytes(bounded);
                if (!merged(bounded)) {
                    waiting.add(bounded);
                }
            }
        }
        next();
    }

    private @org.jspecify.annotations.Nullable Rpc bounded(Rpc rpc) {
        boolean full = waiting.size() >= WAITING_MAX;
        boolean heavy = waitingBytes + bytes(rpc) > WAITING_BYTES_MAX;
        if (!full && !heavy) {
            return rpc;
        }
        if (rpc.subscriptions().isEmpty()
                && rpc.graft().isEmpty()
                && rpc.prune().isEmpty()) {
            return null;
        }
        return new Rpc(rpc.subscriptions(), List.of(), List.of(), List.of(), rpc.graft(), rpc.prune(), List.of());
    }

    /* Only while the stream has no room: else each goes out at once. */
    private boolean merged(Rpc rpc) {
        Rpc last = waiting.peekLast();
        if (last == null
                || !onlyMessages(last)
                || !onlyMessages(rpc)
                || bytes(last)
                                + bytes(rpc)
                                + (last.messages().size() + rpc.messages().size()) * 256L
                        > MERGED_BYTES_MAX) {
            return false;
        }
        last.messages().addAll(rpc.messages());
        return true;
    }

    private static boolean onlyMessages(Rpc rpc) {
        return rpc.subscriptions().isEmpty()
                && rpc.have().isEmpty()
                && rpc.want().isEmpty()
                && rpc.graft().isEmpty()
                && rpc.prune().isEmpty()
                && rpc.dontWant().isEmpty()
                && !rpc.messages().isEmpty();
    }

    private static long bytes(Rpc rpc) {
        long bytes = 0;
        for (GossipMessage message : rpc.messages()) {
            bytes += message.data().length;
        }
        return bytes;
    }

    private void next() {
        while (!writing && !closed && !waiting.isEmpty()) {
            Rpc rpc = waiting.remove();
            waitingBytes -= bytes(rpc);
            CompletableFuture<Void> written = stream.write(GossipCodec.encode(rpc));
            if (written.isDone() && !written.isCompletedExceptionally()) {
                continue;
            }
            writing = true;
            written.whenComplete((nothing, failure) -> scheduler.execute(() -> {
                writing = false;
                if (failure == null) {
                    next();
                }
            }));
        }
    }

    /** One RPC may answer a whole IWANT, or tell of many messages of many topics: both go in pieces that fit. */
    private static List<Rpc> pieces(Rpc rpc) {
        if (bytes(rpc) + rpc.messages().size() * 256L + bytesOfIds(rpc.have()) < Gossip.RPC_BYTES_MAX / 2) {
            return List.of(rpc);
        }
        var pieces = new ArrayList<Rpc>();
        pieces.add(new Rpc(
                rpc.subscriptions(), List.of(), List.of(), rpc.want(), rpc.graft(), rpc.prune(), rpc.dontWant()));
        List<Rpc.IHave> told = new ArrayList<>();
        long bytesTold = 0;
        for (Rpc.IHave have : rpc.have()) {
            long bytes = bytesOfIds(List.of(have));
            bytesTold += bytes;
            if (bytesTold > Gossip.RPC_BYTES_MAX / 2 && !told.isEmpty()) {
                pieces.add(telling(told));
                told = new ArrayList<>();
                bytesTold = bytes;
            }
            told.add(have);
        }
        if (!told.isEmpty()) {
            pieces.add(telling(told));
        }
        List<GossipMessage> gathered = new ArrayList<>();
        long size = 0;
        for (GossipMessage message : rpc.messages()) {
            size += message.data().length + 256;
            if (size > Gossip.RPC_BYTES_MAX / 2 && !gathered.isEmpty()) {
                pieces.add(only(gathered));
                gathered = new ArrayList<>();
                size = message.data().length + 256;
            }
            gathered.add(message);
        }
        if (!gathered.isEmpty()) {
            pieces.add(only(gathered));
        }
        return pieces;
    }

    private static long bytesOfIds(List<Rpc.IHave> have) {
        long bytes = 0;
        for (Rpc.IHave one : have) {
            bytes += one.topic().length() + 16;
            for (MessageId id : one.ids()) {
                bytes += id.bytes().length + 4;
            }
        }
        return bytes;
    }

    private static Rpc telling(List<Rpc.IHave> have) {
        return new Rpc(List.of(), List.of(), have, List.of(), List.of(), List.of(), List.of());
    }

    private static Rpc only(List<GossipMessage> messages) {
        return new Rpc(List.of(), messages, List.of(), List.of(), List.of(), List.of(), List.of());
    }
}
