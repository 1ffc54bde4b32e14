package dev.pando;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How to open an engine.
 *
 * @param rootDirectory where the database lives; empty for one that lives in memory and is gone at close
 * @param durability what a returned commit promises
 * @param network how to reach and be reached; {@link NetworkOptions#off()} for none
 * @param trustAll whether every connected peer may read and write: for demos and closed networks
 * @param expressions the compiler of CHECK, DEFAULT and predicates; empty refuses to open what needs one
 * @param environment time, randomness, threads, disk and host
 */
public record EngineOptions(
        Optional<Path> rootDirectory,
        Durability durability,
        NetworkOptions network,
        boolean trustAll,
        Optional<ExpressionCompiler> expressions,
        Environment environment) {

    /** A database in memory: durability GROUP, no network, no expressions, the system's environment. */
    public static EngineOptions inMemory() {
        return new EngineOptions(
                Optional.empty(),
                Durability.GROUP,
                NetworkOptions.off(),
                false,
                Optional.empty(),
                Environment.system());
    }

    /** A database in this directory; else as {@link #inMemory()}. */
    public static EngineOptions at(Path rootDirectory) {
        return new EngineOptions(
                Optional.of(rootDirectory),
                Durability.GROUP,
                NetworkOptions.off(),
                false,
                Optional.empty(),
                Environment.system());
    }

    public EngineOptions withDurability(Durability value) {
        return new EngineOptions(rootDirectory, value, network, trustAll, expressions, environment);
    }

    public EngineOptions withNetwork(NetworkOptions value) {
        return new EngineOptions(rootDirectory, durability, value, trustAll, expressions, environment);
    }

    public EngineOptions withTrustAll(boolean value) {
        return new EngineOptions(rootDirectory, durability, network, value, expressions, environment);
    }

    public EngineOptions withExpressions(ExpressionCompiler value) {
        return new EngineOptions(rootDirectory, durability, network, trustAll, Optional.of(value), environment);
    }

    public EngineOptions withEnvironment(Environment value) {
        return new EngineOptions(rootDirectory, durability, network, trustAll, expressions, value);
    }

    /** What a commit that returned promises. */
    public enum Durability {
        /** It is on disk; commits that arrive together share one force. */
        GROUP,
        /** It will be on disk soon. Never weakens an acknowledgement to a peer. */
        NONE
    }

    /**
     * How to reach others and be reached.
     *
     * @param enabled whether there is a host at all
     * @param listen addresses to listen on, as multiaddresses; port 0 takes a free one
     * @param peers multiaddresses, with Peer ID, to connect to at start and to stay connected with
     * @param dht whether peers of topics, and addresses of a peer that is known by its id only, are looked up in the hash
     *     table of the peers that are known; a node that listens serves it to others
     * @param mdns whether peers are looked for on the local network; one that listens on loopback only is not found there
     */
    public record NetworkOptions(boolean enabled, List<String> listen, List<String> peers, boolean dht, boolean mdns) {

        /** No peers but those named. */
        public NetworkOptions(boolean enabled, List<String> listen, List<String> peers) {
            this(enabled, listen, peers, false, false);
        }

        public static NetworkOptions off() {
            return new NetworkOptions(false, List.of(), List.of());
        }

        /** At these addresses, in touch with nobody but those who dial and are dialled. */
        public static NetworkOptions listening(String... addresses) {
            return new NetworkOptions(true, List.of(addresses), List.of());
        }

        public NetworkOptions withPeers(List<String> addresses) {
            return new NetworkOptions(enabled, listen, addresses, dht, mdns);
        }

        public NetworkOptions withDht(boolean value) {
            return new NetworkOptions(enabled, listen, peers, value, mdns);
        }

        public NetworkOptions withMdns(boolean value) {
            return new NetworkOptions(enabled, listen, peers, dht, value);
        }
    }
}
