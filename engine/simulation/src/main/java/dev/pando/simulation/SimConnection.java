package dev.pando.simulation;

import dev.pando.libp2p.HostException;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.PeerConnection;
import dev.pando.libp2p.Stream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A connection: two ends, a lane for each direction. */
final class SimConnection {

    /** What one host has of it. */
    final class End {
        final SimHost host;
        final Multiaddr remoteAddress;
        final boolean inbound;
        final SimLane outgoing;
        final LinkedHashSet<SimStream> streams = new LinkedHashSet<>();

        /** Streams asked for here on which the other end has not agreed yet. */
        final LinkedHashSet<CompletableFuture<Stream>> opening = new LinkedHashSet<>();

        private boolean open = true;

        End(SimHost host, SimHost remote, Multiaddr remoteAddress, boolean inbound) {
            this.host = host;
            this.remoteAddress = remoteAddress;
            this.inbound = inbound;
            this.outgoing = new SimLane(
                    network, host.machine().index(), remote.machine().index());
        }

        End other() {
            return this == dialer ? acceptor : dialer;
        }

        boolean isOpen() {
            return open && host.isAlive();
        }

        /** Sends what happens at the other end, if that still is open when it arrives. */
        void send(int bytes, Runnable arrival) {
            outgoing.send(bytes, () -> {
                if (other().isOpen()) {
                    arrival.run();
                }
            });
        }

        /** Ends this end here and now: all of its streams fail. */
        void end(HostException reason) {
            if (!open) {
                return;
            }
            open = false;
            for (SimStream stream : new ArrayList<>(streams)) {
                stream.failed(reason);
            }
            streams.clear();
            var unopened = List.copyOf(opening);
            opening.clear();
            unopened.forEach(stream -> stream.completeExceptionally(reason));
            if (!other().open) {
                network.ended(SimConnection.this);
            }
            host.ended(this);
        }

        /** Ends this end and tells the other one. */
        void close(String why) {
            if (open) {
                outgoing.send(0, () -> other().end(gone("closed by " + host.peerId())));
                end(gone(why));
            }
        }

        PeerConnection view() {
            return new PeerConnection(other().host.peerId(), remoteAddress, inbound, since);
        }

        SimNetwork network() {
            return network;
        }
    }

    private final SimNetwork network;
    private final Instant since;
    final End dialer;
    final End acceptor;

    SimConnection(SimNetwork network, SimHost dialer, SimHost acceptor, Multiaddr dialled) {
        this.network = network;
        this.since = Instant.ofEpochMilli(dialer.machine().currentTimeMillis());
        this.dialer = new End(dialer, acceptor, dialled.withoutPeerId(), false);
        this.acceptor =
                new End(acceptor, dialer, Multiaddr.parse(dialer.machine().address()), true);
    }

    private List<End> ends() {
        return List.of(dialer, acceptor);
    }

    boolean joins(int a, int b) {
        int from = dialer.host.machine().index();
        int to = acceptor.host.machine().index();
        return from == a && to == b || from == b && to == a;
    }

    /** Both ends learn at once that it is gone. */
    void breakOff() {
        for (End end : ends()) {
            end.outgoing.breakOff();
            end.end(gone("connection reset"));
        }
    }

    /** The end at machine {@code at} has heard nothing from {@code other} for too long. */
    void giveUp(int at, int other) {
        if (joins(at, other)) {
            End end = dialer.host.machine().index() == at ? dialer : acceptor;
            end.outgoing.breakOff();
            end.end(gone("no answer to keepalive"));
        }
    }

    void resume() {
        ends().forEach(end -> end.outgoing.resume());
    }

    void crashed(SimMachine machine, boolean silent) {
        for (End end : ends()) {
            if (end.open && end.host.machine() == machine) {
                if (silent) {
                    end.outgoing.breakOff();
                    network.simulation()
                            .schedule(
                                    network.keepaliveNanos(),
                                    SimLife.WORLD,
                                    "keepalive",
                                    () -> end.other().end(gone("no answer to keepalive")));
                } else {
                    end.outgoing.send(0, () -> end.other().end(gone("connection reset")));
                }
                end.open = false;
                end.streams.clear();
                end.opening.clear();
            }
        }
    }

    private static HostException gone(String why) {
        return new HostException(HostException.Kind.RESET, why);
    }
}
