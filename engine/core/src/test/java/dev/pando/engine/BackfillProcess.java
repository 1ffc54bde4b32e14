package dev.pando.engine;

import static dev.pando.engine.TestDatabase.books;

import dev.pando.Engine;
import dev.pando.EngineOptions;
import dev.pando.EngineOptions.NetworkOptions;
import dev.pando.Grants.Right;
import dev.pando.Replication.ReplicatorInfo;
import dev.pando.Replication.ReplicatorSpec;
import dev.pando.libp2p.Multiaddr;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/**
 * One side of {@link BackfillKillTest}. The receiver says {@code READY} and its address; the sender says
 * {@code AT position;} again and again, and {@code DONE} when the receiver has everything. Both end with their input.
 */
final class BackfillProcess {

    private BackfillProcess() {}

    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[1]);
        if (args[0].equals("receive")) {
            receive(directory, args[2]);
        } else {
            send(directory, Multiaddr.parse(args[2]));
        }
    }

    private static void receive(Path directory, String port) throws Exception {
        var network = NetworkOptions.listening("/ip4/127.0.0.1/tcp/" + port);
        try (Engine engine = Engine.open(EngineOptions.at(directory).withNetwork(network))) {
            engine.grants().grant(books(engine), Optional.empty(), EnumSet.of(Right.WRITE, Right.ALTER));
            System.out.println("READY " + engine.network().addresses().get(0));
            awaitEndOfInput();
        }
    }

    private static void awaitEndOfInput() throws java.io.IOException {
        while (System.in.read() >= 0) {
            continue;
        }
    }

    private static void send(Path directory, Multiaddr receiver) throws Exception {
        var network = NetworkOptions.listening("/ip4/127.0.0.1/tcp/0");
        try (Engine engine = Engine.open(EngineOptions.at(directory).withNetwork(network))) {
            var peer = receiver.peerId().orElseThrow();
            engine.replication()
                    .setReplicator(new ReplicatorSpec(
                            peer, Optional.of(receiver), List.of(books(engine)), List.of(), Optional.empty()));
            boolean done = false;
            while (!done) {
                List<ReplicatorInfo> infos = engine.replication().replicators();
                System.out.println("AT " + infos.get(0).acknowledged() + ";");
                done = engine.replication().awaitSync(books(engine), peer, Duration.ofMillis(5));
            }
            System.out.println("DONE");
            awaitEndOfInput();
        }
    }
}
