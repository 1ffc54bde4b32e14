package dev.pando.libp2p.transport.tcp;

import static dev.pando.libp2p.HostException.Kind.CLOSED;
import static dev.pando.libp2p.HostException.Kind.HANDSHAKE_FAILED;
import static dev.pando.libp2p.HostException.Kind.LIMIT;
import static dev.pando.libp2p.HostException.Kind.TIMEOUT;

import dev.pando.libp2p.HostException;
import dev.pando.libp2p.HostLimits;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.PublicKey;
import dev.pando.libp2p.Scheduler;
import dev.pando.libp2p.noise.NoiseChannel;
import dev.pando.libp2p.transport.MuxedConnection;
import dev.pando.libp2p.transport.MuxedStream;
import dev.pando.libp2p.yamux.YamuxLimits;
import dev.pando.libp2p.yamux.YamuxOutput;
import dev.pando.libp2p.yamux.YamuxSession;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The Netty end of a connection: drives the {@link Upgrade} and then the {@link YamuxSession} with what comes in, and
 * encrypts what they send. Its state lives on the channel's event loop.
 */
final class TcpConnection extends ChannelInboundHandlerAdapter implements MuxedConnection, YamuxOutput {
    private static final Logger LOG = System.getLogger(TcpConnection.class.getName());
    private static final Duration TICK = Duration.ofSeconds(1);

    /** A peer that does not take our last words in this time does not get them. */
    private static final Duration FAREWELL = Duration.ofSeconds(1);

    private final EventLoops.Loop loop;
    private final HostLimits limits;
    private final Multiaddr remoteAddress;
    private final boolean inbound;
    private final BooleanSupplier admission;
    private final CompletableFuture<MuxedConnection> established = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    private @Nullable ChannelHandlerContext context;
    private final Supplier<Upgrade> upgrades;
    private @Nullable Upgrade upgrade;
    private @Nullable NoiseChannel channel;
    private volatile @Nullable YamuxSession session;
    private @Nullable PublicKey remoteKey;
    private boolean started;
    private boolean failed;
    private volatile boolean usable;
    private Runnable cancelStage = () -> {};
    private Runnable cancelHandshake = () -> {};
    private Runnable cancelTick = () -> {};

    private final FrameReader frames;
    private @Nullable ByteBuf held;

    private final Deque<ByteBuffer> unsealed = new ArrayDeque<>();
    private int unsealedBytes;
    private boolean flushScheduled;

    /**
     * @param upgrades makes the one of this connection when it stands
     * @param admission asked when the peer is proven: whether it may stay
     */
    TcpConnection(
            EventLoops.Loop loop,
            HostLimits limits,
            Multiaddr remoteAddress,
            boolean inbound,
            Supplier<Upgrade> upgrades,
            BooleanSupplier admission) {
        this.loop = loop;
        this.frames = new FrameReader(loop.sealed);
        this.limits = limits;
        this.remoteAddress = remoteAddress;
        this.inbound = inbound;
        this.upgrades = upgrades;
        this.admission = admission;
    }

    /** Completes when the peer is proven and the muxer agreed on. */
    CompletableFuture<MuxedConnection> established() {
        return established;
    }

    // ---- coming up

    @Override
    public void channelActive(ChannelHandlerContext context) {
        this.context = context;
        /* Only now: while this side makes its keys, the other one takes the connection and makes its own. */
        Upgrade begun = upgrades.get();
        upgrade = begun;
        send(context, begun.output());
        cancelHandshake = loop.schedule(limits.handshakeTimeout(), () -> tooLate("the handshake"));
        startStage(begun.stage());
    }

    private void startStage(Upgrade.Stage stage) {
        cancelStage.run();
        cancelStage = loop.schedule(limits.stageTimeout(), () -> tooLate("the stage " + stage + " of the handshake"));
    }

    private void tooLate(String what) {
        fail(new HostException(TIMEOUT, what + " with " + remoteAddress + " took too long"));
    }

    private static void send(ChannelHandlerContext context, byte[] bytes) {
        if (bytes.length > 0) {
            context.writeAndFlush(Unpooled.wrappedBuffer(bytes), context.voidPromise());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        var in = (ByteBuf) message;
        try {
            if (failed) {
                return; // nobody wants it any more
            }
            if (channel != null && session != null && started) {
                receive(channel, session, in);
            } else {
                hold(context, in);
                if (upgrade != null) {
                    upgrade(context, upgrade);
                }
            }
        } catch (HostException e) {
            fail(e);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "closing the connection to " + remoteAddress, e);
            fail(new HostException(HANDSHAKE_FAILED, "an error of ours: " + e, e));
        } finally {
            in.release();
        }
    }

    /* A part of a message of the handshake, or what came behind it before somebody listened. */
    private void hold(ChannelHandlerContext context, ByteBuf in) {
        if (held == null) {
            held = context.alloc().heapBuffer(in.readableBytes());
        }
        held.writeBytes(in);
    }

    private void releaseHeld() {
        if (held != null) {
            held.release();
            held = null;
        }
    }

    private void upgrade(ChannelHandlerContext context, Upgrade upgrade) throws HostException {
        var stage = upgrade.stage();
        if (held != null) {
            ByteBuffer bytes = held.nioBuffer();
            upgrade.receive(bytes);
            held.skipBytes(held.readableBytes() - bytes.remaining());
            if (held.isReadable()) {
                held.discardReadBytes();
            } else {
                releaseHeld();
            }
        }
        send(context, upgrade.output());
        if (upgrade.stage() == Upgrade.Stage.DONE) {
            establish(context, upgrade);
        } else if (upgrade.stage() != stage) {
            startStage(upgrade.stage());
        }
    }

    private void establish(ChannelHandlerContext context, Upgrade done) throws HostException {
        cancelStage.run();
        cancelHandshake.run();
        /* Nothing is read until somebody listens for the streams of this connection. */
        context.channel().config().setAutoRead(false);
        upgrade = null;
        channel = done.channel();
        remoteKey = done.remoteKey();
        if (!admission.getAsBoolean()) {
            throw new HostException(LIMIT, "too many connections from " + remoteAddress);
        }
        var peer = PeerId.of(done.remoteKey());
        var yamux = new YamuxSession(!inbound, YamuxLimits.of(limits), this, peer.toString());
        session = yamux;
        early = done.early();
        usable = true;
        cancelTick = loop.schedule(TICK, this::tick);
        established.complete(this);
    }

    private ByteBuffer early = ByteBuffer.allocate(0);

    private void tick() {
        if (session != null && !closed.isDone()) {
            session.tick();
            checkUsable(session);
            cancelTick = loop.schedule(TICK, this::tick);
        }
    }

    // ---- MuxedConnection

    @Override
    public PublicKey remoteKey() {
        if (remoteKey == null) {
            throw new IllegalStateException("not established");
        }
        return remoteKey;
    }

    @Override
    public Multiaddr remoteAddress() {
        return remoteAddress;
    }

    @Override
    public boolean inbound() {
        return inbound;
    }

    @Override
    public Scheduler scheduler() {
        return loop;
    }

    @Override
    public void start(Consumer<MuxedStream> onStream) {
        submit(() -> {
            if (session == null || context == null || started) {
                return;
            }
            started = true;
            session.start(onStream);
            if (early.hasRemaining()) {
                session.receive(early);
                early = ByteBuffer.allocate(0);
            }
            if (held != null) {
                ByteBuf waited = held;
                held = null;
                channelRead(context, waited);
            }
            context.channel().config().setAutoRead(true);
        });
    }

    @Override
    public CompletableFuture<MuxedStream> openStream() {
        var result = new CompletableFuture<MuxedStream>();
        boolean taken = submit(() -> {
            if (session == null) {
                result.completeExceptionally(gone());
            } else {
                session.open().whenComplete((stream, why) -> {
                    if (why != null) {
                        result.completeExceptionally(why);
                    } else {
                        result.complete(stream);
                    }
                });
            }
        });
        if (!taken) {
            result.completeExceptionally(gone());
        }
        return result;
    }

    private HostException gone() {
        return new HostException(CLOSED, "the connection to " + remoteAddress + " is closed");
    }

    @Override
    public int streamCount() {
        YamuxSession open = session;
        return open == null ? 0 : open.streamCount();
    }

    @Override
    public void retire() {
        usable = false;
        submit(() -> {
            if (session != null) {
                session.retire();
            }
        });
    }

    @Override
    public boolean isUsable() {
        return usable;
    }

    @Override
    public void close() {
        usable = false;
        submit(() -> fail(gone()));
    }

    @Override
    public CompletableFuture<Void> closed() {
        return closed;
    }

    private boolean submit(Runnable task) {
        try {
            loop.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false; // the loops end after the connections: this one is closed
        }
    }

    // ---- receiving

    private void receive(NoiseChannel channel, YamuxSession session, ByteBuf in) throws HostException {
        frames.read(in, (frame, length) -> session.receive(ByteBuffer.wrap(channel.open(frame, 0, length))));
        checkUsable(session);
    }

    /* Never back to true: of a retirement that another thread has just asked for the session knows only later. */
    private void checkUsable(YamuxSession session) {
        if (!session.isUsable()) {
            usable = false;
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) throws Exception {
        flushNow();
        super.channelReadComplete(context);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) throws Exception {
        if (session != null && context.channel().isWritable()) {
            session.onWritable();
        }
        super.channelWritabilityChanged(context);
    }

    // ---- YamuxOutput

    @Override
    public void execute(Runnable task) {
        loop.execute(task);
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public boolean isWritable() {
        return context != null && context.channel().isWritable();
    }

    @Override
    public void write(ByteBuffer bytes) {
        if (closed.isDone()) {
            return;
        }
        unsealed.add(bytes);
        unsealedBytes += bytes.remaining();
        while (unsealedBytes >= NoiseChannel.PLAIN_BYTES_MAX) {
            seal();
        }
    }

    /* Fills one frame of the channel from what waits, and gives it to the socket. */
    private void seal() {
        if (channel == null || context == null) {
            throw new IllegalStateException("nothing is sent before the channel stands");
        }
        int length = 0;
        while (length < loop.plain.length && !unsealed.isEmpty()) {
            ByteBuffer head = unsealed.element();
            int n = Math.min(loop.plain.length - length, head.remaining());
            head.get(loop.plain, length, n);
            length += n;
            if (!head.hasRemaining()) {
                unsealed.remove();
            }
        }
        unsealedBytes -= length;
        channel.seal(loop.plain, length, loop.sealed);
        int frame = length + NoiseChannel.FRAME_OVERHEAD;
        context.write(
                context.alloc().directBuffer(frame, frame).writeBytes(loop.sealed, 0, frame), context.voidPromise());
    }

    @Override
    public void flush() {
        if (!flushScheduled) {
            /* Behind the tasks that wait already: what they write goes along. */
            flushScheduled = submit(this::flushNow);
        }
    }

    private void flushNow() {
        flushScheduled = false;
        if (context != null && !closed.isDone()) {
            while (unsealedBytes > 0) {
                seal();
            }
            context.flush();
        }
    }

    @Override
    public void end(@Nullable HostException failure) {
        usable = false;
        if (failure != null) {
            LOG.log(Level.DEBUG, () -> "closing the connection to " + remoteAddress + ": " + failure.getMessage());
        }
        if (context == null || closed.isDone()) {
            return;
        }
        var channel = context.channel();
        flushNow();
        context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        Runnable cancel = loop.schedule(FAREWELL, channel::close);
        closed.whenComplete((done, why) -> cancel.run());
    }

    // ---- ends

    private void fail(HostException why) {
        failed = true;
        established.completeExceptionally(why);
        if (session != null && why.kind() == CLOSED) {
            session.close();
            return;
        }
        if (session != null) {
            session.onClosed(why);
        }
        LOG.log(Level.DEBUG, () -> "closing the connection to " + remoteAddress + ": " + why.getMessage());
        if (context != null) {
            context.close();
        }
    }

    /** The connection was not made at all. */
    void onConnectFailed(HostException why) {
        established.completeExceptionally(why);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        super.channelInactive(context);
        usable = false;
        cancelStage.run();
        cancelHandshake.run();
        cancelTick.run();
        unsealed.clear();
        unsealedBytes = 0;
        releaseHeld();
        if (session != null) {
            session.onClosed(new HostException(CLOSED, "the connection to " + remoteAddress + " broke"));
        }
        established.completeExceptionally(
                new HostException(HANDSHAKE_FAILED, remoteAddress + " closed the connection during the handshake"));
        closed.complete(null);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException)) {
            LOG.log(Level.ERROR, "closing the connection to " + remoteAddress, cause);
        }
        context.close();
    }
}
