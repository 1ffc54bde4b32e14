package dev.pando.libp2p.transport.tcp;

import static dev.pando.libp2p.HostException.Kind.ADDRESS_IN_USE;
import static dev.pando.libp2p.HostException.Kind.CLOSED;
import static dev.pando.libp2p.HostException.Kind.REFUSED;
import static dev.pando.libp2p.HostException.Kind.TIMEOUT;
import static dev.pando.libp2p.HostException.Kind.UNREACHABLE;
import static dev.pando.libp2p.HostException.Kind.UNSUPPORTED_ADDRESS;

import dev.pando.libp2p.HostException;
import dev.pando.libp2p.HostLimits;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.multiaddr.Protocol;
import dev.pando.libp2p.noise.NoiseIdentity;
import dev.pando.libp2p.transport.MuxedConnection;
import dev.pando.libp2p.transport.Transport;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Dials and listens on {@code /ip4|ip6|dns|dns4|dns6/…/tcp/…}. */
public final class TcpTransport implements Transport {
    private static final Logger LOG = System.getLogger(TcpTransport.class.getName());

    /** A connection takes no more to send above the high mark, until what waits is below the low one. */
    private static final WriteBufferWaterMark SEND_MARKS = new WriteBufferWaterMark(128 << 10, 256 << 10);

    private static final int ACCEPT_BACKLOG = 256;
    private static final Duration ACCEPT_PAUSE = Duration.ofSeconds(1);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final EventLoops loops;
    private final NoiseIdentity identity;
    private final HostLimits limits;
    private final SecureRandom random;
    private final InboundGate gate;
    private final Names names;
    private final Set<Channel> channels = ConcurrentHashMap.newKeySet();
    private final List<InetSocketAddress> listening = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    public TcpTransport(
            EventLoops loops,
            NoiseIdentity identity,
            HostLimits limits,
            boolean loopbackExempt,
            SecureRandom random,
            String threadPrefix) {
        this.loops = loops;
        this.identity = identity;
        this.limits = limits;
        this.random = random;
        this.gate = new InboundGate(limits, loopbackExempt);
        this.names = new Names(threadPrefix + "pando-net-names");
    }

    @Override
    public boolean canDial(Multiaddr address) {
        var plain = address.withoutPeerId();
        return plain.components().size() == 2
                && plain.components().get(1).protocol() == Protocol.TCP
                && Names.isHost(plain.components().get(0).protocol());
    }

    // ---- dialling

    @Override
    public CompletableFuture<MuxedConnection> dial(Multiaddr address, @Nullable PeerId expected) {
        if (!canDial(address)) {
            return CompletableFuture.failedFuture(new HostException(
                    UNSUPPORTED_ADDRESS,
                    address + " is not one to dial; expected /ip4/…/tcp/…, /ip6/…/tcp/… or /dns/…/tcp/…"));
        }
        var host = address.components().get(0);
        int port = Integer.parseInt(address.components().get(1).value());
        return names.resolve(host).thenCompose(ip -> connect(new InetSocketAddress(ip, port), address, expected));
    }

    private CompletableFuture<MuxedConnection> connect(
            InetSocketAddress target, Multiaddr address, @Nullable PeerId expected) {
        var loop = loops.next();
        var result = new CompletableFuture<MuxedConnection>();
        try {
            loop.execute(() -> {
                var connection = new TcpConnection(
                        loop, limits, address, false, () -> new Upgrade(true, identity, expected, random), () -> true);
                connection.established().whenComplete((established, why) -> {
                    if (why != null) {
                        result.completeExceptionally(why);
                    } else {
                        result.complete(established);
                    }
                });
                var channel = new NioSocketChannel();
                configure(channel);
                Runnable cancel = loop.schedule(limits.dialTimeout(), () -> {
                    connection.onConnectFailed(new HostException(TIMEOUT, address + " does not answer"));
                    channel.close();
                });
                result.whenComplete((established, why) -> cancel.run());
                channel.pipeline().addLast(connection);
                register(loop, channel);
                channel.connect(target).addListener(done -> {
                    if (!done.isSuccess()) {
                        connection.onConnectFailed(explain(address, done.cause()));
                        channel.close();
                    }
                });
            });
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(new HostException(CLOSED, "the host is closed", e));
        }
        return result;
    }

    private static HostException explain(Multiaddr address, @Nullable Throwable cause) {
        if (cause instanceof ConnectException) {
            return new HostException(REFUSED, "nobody listens at " + address, cause);
        }
        return new HostException(UNREACHABLE, address + " cannot be reached: " + cause, cause);
    }

    private void configure(Channel channel) {
        var config = channel.config();
        config.setAllocator(loops.allocator());
        config.setRecvByteBufAllocator(new DirectReceiveAllocator());
        config.setWriteBufferWaterMark(SEND_MARKS);
        config.setOption(ChannelOption.TCP_NODELAY, true);
        channels.add(channel);
        channel.closeFuture().addListener(done -> channels.remove(channel));
    }

    /* A channel that came up while the transport closed was not among those that it closed. */
    private void register(EventLoops.Loop loop, Channel channel) {
        loop.netty.register(channel);
        if (closed) {
            channel.close();
        }
    }

    // ---- listening

    @Override
    public List<Multiaddr> listen(Multiaddr address, Consumer<MuxedConnection> onConnection) throws HostException {
        if (!canDial(address) || address.components().get(0).protocol().text().startsWith("dns")) {
            throw new HostException(
                    UNSUPPORTED_ADDRESS, "cannot listen on " + address + "; expected /ip4/…/tcp/… or /ip6/…/tcp/…");
        }
        var loop = loops.next();
        int port = Integer.parseInt(address.components().get(1).value());
        var bound = new CompletableFuture<InetSocketAddress>();
        var ip = Names.literal(address.components().get(0));
        try {
            loop.execute(() -> {
                var server = new NioServerSocketChannel();
                server.config().setBacklog(ACCEPT_BACKLOG);
                server.pipeline().addLast(new Acceptor(onConnection));
                channels.add(server);
                server.closeFuture().addListener(done -> channels.remove(server));
                loop.netty.register(server);
                server.bind(new InetSocketAddress(ip, port)).addListener(done -> {
                    if (done.isSuccess()) {
                        bound.complete(server.localAddress());
                    } else {
                        server.close();
                        bound.completeExceptionally(done.cause());
                    }
                });
            });
            listening.add(bound.get());
            return Names.reachable(bound.get());
        } catch (ExecutionException e) {
            String why = e.getCause() == null ? e.toString() : e.getCause().getMessage();
            throw new HostException(ADDRESS_IN_USE, "cannot listen on " + address + ": " + why, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HostException(CLOSED, "interrupted while opening " + address, e);
        }
    }

    @Override
    public List<Multiaddr> addresses() {
        return listening.stream()
                .flatMap(bound -> Names.reachable(bound).stream())
                .distinct()
                .toList();
    }

    private final class Acceptor extends ChannelInboundHandlerAdapter {
        private final Consumer<MuxedConnection> onConnection;

        Acceptor(Consumer<MuxedConnection> onConnection) {
            this.onConnection = onConnection;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            accept((NioSocketChannel) message, onConnection);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            /* Most likely no file handles are left: trying again at once would only burn the processor. */
            LOG.log(Level.WARNING, "cannot accept connections for a moment: " + cause);
            var config = context.channel().config();
            config.setAutoRead(false);
            context.executor().schedule(() -> config.setAutoRead(true), ACCEPT_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void accept(NioSocketChannel channel, Consumer<MuxedConnection> onConnection) {
        InetSocketAddress remote = channel.remoteAddress();
        if (closed || remote == null || !gate.enter(remote.getAddress())) {
            channel.unsafe().closeForcibly();
            return;
        }
        InetAddress ip = remote.getAddress();
        boolean[] proven = {false};
        var loop = loops.next();
        configure(channel);
        channel.closeFuture().addListener((ChannelFutureListener) done -> gate.leave(ip, proven[0]));
        loop.execute(() -> {
            var connection = new TcpConnection(
                    loop, limits, Multiaddr.tcp(remote), true, () -> new Upgrade(false, identity, null, random), () -> {
                        proven[0] = true;
                        return gate.prove(ip);
                    });
            connection.established().thenAccept(onConnection);
            channel.pipeline().addLast(connection);
            register(loop, channel);
        });
    }

    @Override
    public void close() {
        closed = true;
        names.close();
        var all = List.copyOf(channels);
        var left = new CompletableFuture<?>[all.size()];
        for (int i = 0; i < left.length; i++) {
            var gone = new CompletableFuture<Void>();
            left[i] = gone;
            var channel = all.get(i);
            channel.closeFuture().addListener(done -> gone.complete(null));
            channel.close();
        }
        try {
            CompletableFuture.allOf(left).get(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
            LOG.log(Level.WARNING, "connections are left open: " + e);
        }
    }
}
