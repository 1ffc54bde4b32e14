package dev.pando.libp2p;

import dev.pando.libp2p.host.PeerStore;
import dev.pando.libp2p.host.PeerStoreFile;
import dev.pando.libp2p.host.Swarm;
import dev.pando.libp2p.noise.NoiseIdentity;
import dev.pando.libp2p.protocol.ping.PingProtocol;
import dev.pando.libp2p.transport.tcp.EventLoops;
import dev.pando.libp2p.transport.tcp.TcpTransport;
import dev.pando.libp2p.yamux.YamuxSession;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A host on real sockets: TCP, secured by Noise, multiplexed by Yamux; serves identify and ping. Its threads are called
 * {@code pando-net-…} and end with {@link #close}; it leaves none, and no thread-local on the threads of its callers.
 */
public final class Libp2pHost implements Host {
    private static final Duration ADDRESSES_EVERY = Duration.ofSeconds(10);

    private final Swarm swarm;
    private final EventLoops loops;
    private final SecureRandom random;
    private final Optional<PeerStoreFile> peerStoreFile;

    private Libp2pHost(Swarm swarm, EventLoops loops, SecureRandom random, Optional<PeerStoreFile> peerStoreFile) {
        this.swarm = swarm;
        this.loops = loops;
        this.random = random;
        this.peerStoreFile = peerStoreFile;
    }

    public static Builder builder(KeyPair identity) {
        return new Builder(identity);
    }

    /** How a host is to be. Not thread-safe. */
    public static final class Builder {
        private final KeyPair identity;
        private List<Multiaddr> listen = List.of();
        private String agent = "pando";
        private HostLimits limits = HostLimits.DEFAULT;
        private String threadPrefix = "";
        private int threads = Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors()));
        private boolean earlyMuxer = true;
        private boolean loopbackExempt = true;
        private SecureRandom random = new SecureRandom();
        private InstantSource clock = InstantSource.system();
        private Optional<Path> peerStore = Optional.empty();

        private Builder(KeyPair identity) {
            this.identity = identity;
        }

        /** Port 0 takes any free one; {@link Host#addresses} tells which. The default is not to listen. */
        public Builder listen(Multiaddr... addresses) {
            this.listen = List.of(addresses);
            return this;
        }

        /** What the host calls itself, as {@code name/version}. */
        public Builder agent(String agent) {
            this.agent = agent;
            return this;
        }

        public Builder limits(HostLimits limits) {
            this.limits = limits;
            return this;
        }

        /** What the names of the threads begin with. */
        public Builder threadPrefix(String prefix) {
            this.threadPrefix = prefix;
            return this;
        }

        /** Threads for the network; the default is one for each processor, at most 4. */
        public Builder threads(int threads) {
            this.threads = threads;
            return this;
        }

        /** Whether the muxer is agreed on within the Noise handshake, which saves a round trip; the default is yes. */
        public Builder earlyMuxer(boolean early) {
            this.earlyMuxer = early;
            return this;
        }

        /**
         * Whether connections from this machine are spared the limits of an address; the default is yes. Turn it off
         * behind a proxy or tunnel on this machine: all its users come from loopback.
         */
        public Builder loopbackExempt(boolean exempt) {
            this.loopbackExempt = exempt;
            return this;
        }

        public Builder random(SecureRandom random) {
            this.random = random;
            return this;
        }

        public Builder clock(InstantSource clock) {
            this.clock = clock;
            return this;
        }

        /** A file to keep the known peers in over restarts; its directory must exist. The default is to forget them. */
        public Builder peerStore(Path file) {
            this.peerStore = Optional.of(file);
            return this;
        }

        /** @throws HostException when an address cannot be listened on; it names the address */
        public Libp2pHost start() throws HostException {
            var loops = new EventLoops(threadPrefix, threads);
            var muxers = earlyMuxer ? List.of(YamuxSession.PROTOCOL) : List.<String>of();
            var noise = NoiseIdentity.create(identity, muxers, random);
            var transport = new TcpTransport(loops, noise, limits, loopbackExempt, random, threadPrefix);
            var known = new PeerStore(limits);
            var swarm = new Swarm(identity, agent, transport, loops.first(), limits, clock, known);
            var file = peerStore.map(
                    path -> new PeerStoreFile(path, known, loops.first(), threadPrefix + "pando-net-peers"));
            file.ifPresent(PeerStoreFile::start);
            var host = new Libp2pHost(swarm, loops, random, file);
            try {
                for (var address : listen) {
                    swarm.listen(address);
                }
            } catch (HostException e) {
                host.close();
                throw e;
            }
            host.watchAddresses();
            return host;
        }
    }

    /* Interfaces get and lose addresses: a laptop that moves, a network that comes up late. */
    private void watchAddresses() {
        loops.first().schedule(ADDRESSES_EVERY, () -> {
            swarm.refreshAddresses();
            watchAddresses();
        });
    }

    /** The round trip time to {@code peer}, over a ping stream. */
    public CompletableFuture<Duration> ping(PeerId peer) {
        byte[] payload = new byte[32];
        random.nextBytes(payload);
        return newStream(peer, PingProtocol.ID).thenCompose(stream -> PingProtocol.measure(stream, payload));
    }

    @Override
    public PeerId peerId() {
        return swarm.peerId();
    }

    @Override
    public List<Multiaddr> addresses() {
        return swarm.addresses();
    }

    @Override
    public CompletableFuture<PeerId> connect(Multiaddr address) {
        return swarm.connect(address);
    }

    @Override
    public CompletableFuture<PeerId> connect(PeerId peer) {
        return swarm.connect(peer);
    }

    @Override
    public CompletableFuture<Void> disconnect(PeerId peer) {
        return swarm.disconnect(peer);
    }

    @Override
    public void protect(PeerId peer, String tag) {
        swarm.protect(peer, tag);
    }

    @Override
    public void unprotect(PeerId peer, String tag) {
        swarm.unprotect(peer, tag);
    }

    @Override
    public boolean isConnected(PeerId peer) {
        return swarm.isConnected(peer);
    }

    @Override
    public Collection<PeerConnection> connections() {
        return swarm.connections();
    }

    @Override
    public CompletableFuture<Stream> newStream(PeerId peer, String... protocols) {
        return swarm.newStream(peer, protocols);
    }

    @Override
    public void handle(String protocol, StreamHandler handler) {
        swarm.handle(protocol, handler);
    }

    @Override
    public void unhandle(String protocol) {
        swarm.unhandle(protocol);
    }

    @Override
    public void addListener(HostListener listener) {
        swarm.addListener(listener);
    }

    @Override
    public void removeListener(HostListener listener) {
        swarm.removeListener(listener);
    }

    @Override
    public void addAddress(PeerId peer, Multiaddr address) {
        swarm.addAddress(peer, address);
    }

    @Override
    public List<Multiaddr> knownAddresses(PeerId peer) {
        return swarm.knownAddresses(peer);
    }

    @Override
    public List<PeerId> knownPeers() {
        return swarm.knownPeers();
    }

    @Override
    public Optional<byte[]> signedRecord(PeerId peer) {
        return swarm.signedRecord(peer);
    }

    @Override
    public void close() {
        swarm.close();
        loops.close();
        peerStoreFile.ifPresent(PeerStoreFile::close);
    }
}
