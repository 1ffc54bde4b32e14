package dev.pando.libp2p.yamux;

import static dev.pando.libp2p.Waiting.failure;
import static dev.pando.libp2p.Waiting.pattern;
import static dev.pando.libp2p.yamux.YamuxLimits.WINDOW_INITIAL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.libp2p.HostException;
import dev.pando.libp2p.HostLimits;
import dev.pando.libp2p.transport.MuxedStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class YamuxSessionTest {
    private static final YamuxLimits LIMITS = YamuxLimits.of(HostLimits.DEFAULT);

    private final FakeOutput out = new FakeOutput();
    private final Deque<MuxedStream> accepted = new ArrayDeque<>();
    private YamuxSession session;

    @BeforeEach
    void start() {
        session = new YamuxSession(true, LIMITS, out, "the peer");
        session.start(accepted::add);
    }

    private void receive(int type, int flags, int id, int length) {
        session.receive(Frame.header((byte) type, flags, id, length));
    }

    private void receiveData(int flags, int id, byte[] payload) {
        receive(Frame.DATA, flags, id, payload.length);
        session.receive(ByteBuffer.wrap(payload));
    }

    private MuxedStream open() {
        var stream = session.open().join();
        out.run();
        return stream;
    }

    private byte[] read(MuxedStream stream) {
        var read = stream.read();
        out.run();
        assertThat(read).isDone();
        var bytes = read.join();
        if (bytes == null) {
            return null;
        }
        byte[] got = new byte[bytes.remaining()];
        bytes.get(got);
        return got;
    }

    private CompletableFuture<Void> write(MuxedStream stream, int length) {
        var written = stream.write(ByteBuffer.wrap(pattern(length)));
        out.run();
        return written;
    }

    private void endsWith(HostException.Kind kind) {
        assertThat(out.ended).isTrue();
        assertThat(out.failure).isNotNull();
        assertThat(out.failure.kind()).isEqualTo(kind);
    }

    @Test
    void opensWithTheFirstDataAndAcknowledgesWithTheFirstAnswer() {
        var ours = open();
        assertThat(out.frames()).isEmpty();
        write(ours, 5);
        assertThat(out.frames()).singleElement().satisfies(frame -> {
            assertThat(frame.type()).isEqualTo(Frame.DATA);
            assertThat(frame.flags()).isEqualTo(Frame.SYN);
            assertThat(frame.id()).isEqualTo(1);
            assertThat(frame.payload()).isEqualTo(pattern(5));
        });
        write(ours, 3);
        assertThat(out.frames())
                .singleElement()
                .satisfies(frame -> assertThat(frame.flags()).isZero());
        receiveData(Frame.SYN, 2, pattern(4));
        var theirs = accepted.remove();
        assertThat(read(theirs)).isEqualTo(pattern(4));
        write(theirs, 1);
        assertThat(out.frames()).singleElement().satisfies(frame -> {
            assertThat(frame.flags()).isEqualTo(Frame.ACK);
            assertThat(frame.id()).isEqualTo(2);
        });
    }

    @Test
    void neverSendsMoreThanTheWindow() {
        var stream = open();
        var written = write(stream, WINDOW_INITIAL + 300_000);
        var frames = out.frames();
        assertThat(frames).allSatisfy(frame -> assertThat(frame.length()).isEqualTo(YamuxLimits.FRAME_BYTES_MAX));
        assertThat(frames.stream().mapToInt(FakeOutput.Sent::length).sum()).isEqualTo(WINDOW_INITIAL);
        assertThat(written).isNotDone();
        receive(Frame.WINDOW_UPDATE, Frame.ACK, 1, 1_000);
        assertThat(out.frames())
                .singleElement()
                .satisfies(frame -> assertThat(frame.length()).isEqualTo(1_000));
        receive(Frame.WINDOW_UPDATE, 0, 1, WINDOW_INITIAL);
        assertThat(written).isDone();
        receive(Frame.WINDOW_UPDATE, 0, 1, WINDOW_INITIAL);
        int rest = out.frames().stream().mapToInt(FakeOutput.Sent::length).sum();
        assertThat(rest).isEqualTo(300_000 - 1_000);
    }

    @Test
    void letsStreamsTakeTurns() {
        out.writable = false;
        var first = open();
        var second = open();
        write(first, 100_000);
        write(second, 100_000);
        assertThat(out.frames()).isEmpty();
        out.writable = true;
        session.onWritable();
        var ids = out.frames().stream().map(FakeOutput.Sent::id).limit(6).toList();
        assertThat(ids).containsExactly(1, 3, 1, 3, 1, 3);
    }

    @Test
    void opensTheWindowByReadingOnly() {
        receive(Frame.WINDOW_UPDATE, Frame.SYN, 2, 0);
        var stream = accepted.remove();
        for (int i = 0; i < 16; i++) {
            receiveData(0, 2, new byte[16 << 10]);
        }
        assertThat(out.frames()).isEmpty();
        int read = 0;
        while (read < WINDOW_INITIAL / 2 - (16 << 10)) {
            read += read(stream).length;
        }
        assertThat(out.frames()).isEmpty();
        read += read(stream).length;
        int total = read;
        assertThat(out.frames()).anySatisfy(frame -> {
            assertThat(frame.type()).isEqualTo(Frame.WINDOW_UPDATE);
            assertThat(frame.id()).isEqualTo(2);
            assertThat(frame.length()).isEqualTo(total);
            assertThat(frame.has(Frame.ACK)).isTrue();
        });
    }

    @Test
    void growsTheWindowOfAFastStreamUpToTheBound() {
        receive(Frame.WINDOW_UPDATE, Frame.SYN, 2, 0);
        var stream = accepted.remove();
        long granted = WINDOW_INITIAL;
        long received = 0;
        long read = 0;
        for (int round = 0; round < 60; round++) {
            out.nanos += 1_000_000;
            receiveData(0, 2, new byte[128 << 10]);
            received += 128 << 10;
            while (read < received) {
                read += read(stream).length;
            }
            for (var frame : out.frames()) {
                if (frame.type() == Frame.PING) {
                    out.nanos += 10_000_000; // a line with a long round trip
                    receive(Frame.PING, Frame.ACK, 0, frame.length());
                } else if (frame.type() == Frame.WINDOW_UPDATE) {
                    granted += frame.length();
                }
            }
        }
        assertThat(granted - received).isGreaterThan(LIMITS.windowMax() / 2).isLessThanOrEqualTo(LIMITS.windowMax());
    }

    @Test
    void endsTheConnectionOfAPeerThatOverrunsAWindow() {
        receiveData(Frame.SYN, 2, new byte[WINDOW_INITIAL]);
        assertThat(out.ended).isFalse();
        receive(Frame.DATA, 0, 2, 1);
        endsWith(HostException.Kind.PROTOCOL_VIOLATION);
        assertThat(out.frames()).anySatisfy(frame -> {
            assertThat(frame.type()).isEqualTo(Frame.GO_AWAY);
            assertThat(frame.length()).isEqualTo(Frame.GO_AWAY_PROTOCOL_ERROR);
        });
    }

    @Test
    void readsFramesHoweverTheyAreCut() {
        var whole = ByteBuffer.allocate(100);
        whole.put(Frame.header(Frame.DATA, Frame.SYN, 2, 5)).put(pattern(5));
        whole.put(Frame.header(Frame.WINDOW_UPDATE, Frame.FIN, 2, 0));
        whole.flip();
        while (whole.hasRemaining()) {
            session.receive(ByteBuffer.wrap(new byte[] {whole.get()}));
        }
        var stream = accepted.remove();
        assertThat(read(stream)).isEqualTo(pattern(5));
        assertThat(read(stream)).isNull();
    }

    @Test
    void ignoresFramesForClosedStreams() {
        var stream = open();
        write(stream, 1);
        stream.reset();
        assertThat(out.frames())
                .last()
                .satisfies(frame -> assertThat(frame.has(Frame.RST)).isTrue());
        receiveData(0, 1, new byte[50_000]);
        receive(Frame.WINDOW_UPDATE, 0, 1, 7);
        receive(Frame.DATA, Frame.FIN, 1, 0);
        receive(Frame.WINDOW_UPDATE, Frame.RST, 1, 0);
        receive(Frame.PING, Frame.SYN, 0, 42);
        assertThat(out.ended).isFalse();
        assertThat(out.frames()).singleElement().satisfies(frame -> {
            assertThat(frame.type()).isEqualTo(Frame.PING);
            assertThat(frame.flags()).isEqualTo(Frame.ACK);
            assertThat(frame.length()).isEqualTo(42);
        });
    }

    @Test
    void endsEachDirectionOnItsOwn() {
        var stream = open();
        write(stream, 10);
        var closed = stream.closeWrite();
        var frames = out.frames();
        assertThat(closed).isDone();
        assertThat(frames.get(frames.size() - 1).has(Frame.FIN)).isTrue();
        assertThat(frames.get(frames.size() - 1).length())
                .as("js loses data that comes with FIN")
                .isZero();
        receiveData(Frame.FIN, 1, pattern(3));
        assertThat(stream.closed()).isCompleted();
        assertThat(read(stream)).isEqualTo(pattern(3));
        assertThat(read(stream)).isNull();
        assertThat(session.streamCount()).isZero();
    }

    @Test
    void endsAStreamOnlyWhenAllWasSent() {
        var stream = open();
        write(stream, WINDOW_INITIAL + 1);
        var closed = stream.closeWrite();
        assertThat(out.frames())
                .noneSatisfy(frame -> assertThat(frame.has(Frame.FIN)).isTrue());
        assertThat(closed).isNotDone();
        receive(Frame.WINDOW_UPDATE, 0, 1, 1);
        assertThat(out.frames())
                .last()
                .satisfies(frame -> assertThat(frame.has(Frame.FIN)).isTrue());
        assertThat(closed).isCompleted();
    }

    @Test
    void failsWhatIsOutstandingAtAReset() {
        var stream = open();
        var written = write(stream, 1_000_000);
        var read = stream.read();
        out.run();
        receive(Frame.WINDOW_UPDATE, Frame.RST, 1, 0);
        assertThat(failure(read).kind()).isEqualTo(HostException.Kind.RESET);
        assertThat(failure(written).kind()).isEqualTo(HostException.Kind.RESET);
        assertThat(failure(stream.closed()).kind()).isEqualTo(HostException.Kind.RESET);
        assertThat(session.streamCount()).isZero();
    }

    @Test
    void resetsAStreamWhoseEndThePeerDoesNotSee() {
        var stream = open();
        write(stream, 1);
        stream.close();
        out.frames();
        out.nanos += Duration.ofSeconds(1).toNanos();
        session.tick();
        assertThat(session.streamCount()).isEqualTo(1);
        out.nanos += LIMITS.answerTimeout().toNanos();
        session.tick();
        assertThat(session.streamCount()).isZero();
        assertThat(out.frames())
                .anySatisfy(frame -> assertThat(frame.has(Frame.RST)).isTrue());
    }

    @Test
    void resetsStreamsThatAreTooMany() {
        for (int i = 0; i < LIMITS.inboundStreamsMax(); i++) {
            receive(Frame.WINDOW_UPDATE, Frame.SYN, 2 + 2 * i, 0);
        }
        assertThat(out.frames()).isEmpty();
        int tooMany = 2 + 2 * LIMITS.inboundStreamsMax();
        receiveData(Frame.SYN, tooMany, new byte[100]);
        assertThat(accepted).hasSize(LIMITS.inboundStreamsMax());
        assertThat(out.frames()).singleElement().satisfies(frame -> {
            assertThat(frame.id()).isEqualTo(tooMany);
            assertThat(frame.has(Frame.RST)).isTrue();
        });
        accepted.remove().reset();
        out.run();
        receive(Frame.WINDOW_UPDATE, Frame.SYN, tooMany + 2, 0);
        assertThat(accepted).hasSize(LIMITS.inboundStreamsMax());
        assertThat(out.ended).isFalse();
    }

    @Test
    void letsOpensWaitForAcknowledgements() {
        var opened = new ArrayList<CompletableFuture<MuxedStream>>();
        for (int i = 0; i < YamuxLimits.ACK_BACKLOG_MAX + 1; i++) {
            opened.add(session.open());
        }
        var last = opened.get(YamuxLimits.ACK_BACKLOG_MAX);
        assertThat(opened.get(YamuxLimits.ACK_BACKLOG_MAX - 1)).isCompleted();
        assertThat(last).isNotDone();
        receive(Frame.WINDOW_UPDATE, Frame.ACK, 1, 0);
        assertThat(last).isCompleted();
    }

    @Test
    void limitsOutboundStreams() {
        for (int i = 0; i < LIMITS.outboundStreamsMax(); i++) {
            session.open();
        }
        assertThat(failure(session.open()).kind()).isEqualTo(HostException.Kind.LIMIT);
    }

    @Test
    void goesOnWithOpenStreamsAfterGoAway() {
        var stream = open();
        write(stream, 1);
        receive(Frame.GO_AWAY, 0, 0, Frame.GO_AWAY_NORMAL);
        assertThat(session.isUsable()).isFalse();
        assertThat(failure(session.open()).kind()).isEqualTo(HostException.Kind.CLOSED);
        receiveData(Frame.FIN, 1, pattern(9));
        assertThat(read(stream)).isEqualTo(pattern(9));
        assertThat(out.ended).isFalse();
        stream.closeWrite();
        out.run();
        assertThat(out.ended).isTrue();
        assertThat(out.failure).isNull();
    }

    @Test
    void pingsWhenItIsQuietAndEndsWhenNobodyAnswers() {
        out.nanos += LIMITS.keepaliveInterval().toNanos() + 1;
        session.tick();
        var ping = out.frames().get(0);
        assertThat(ping.type()).isEqualTo(Frame.PING);
        assertThat(ping.flags()).isEqualTo(Frame.SYN);
        receive(Frame.PING, Frame.ACK, 0, ping.length());
        out.nanos += LIMITS.answerTimeout().toNanos() + 1;
        session.tick();
        assertThat(out.ended).isFalse();
        out.nanos += LIMITS.keepaliveInterval().toNanos();
        session.tick();
        out.nanos += LIMITS.answerTimeout().toNanos() + 1;
        session.tick();
        endsWith(HostException.Kind.TIMEOUT);
    }

    @Test
    void disconnectsWhoFloodsWithPings() {
        int pings = 0;
        while (!out.ended && pings < 100_000) {
            receive(Frame.PING, Frame.SYN, 0, pings++);
            out.frames();
        }
        assertThat(pings).isEqualTo(YamuxLimits.IDLE_FRAMES_BURST + 1);
        endsWith(HostException.Kind.LIMIT);
    }

    @Test
    void disconnectsWhoOpensAndResetsAllTheTime() {
        int id = 0;
        while (!out.ended && id < 100_000) {
            id += 2;
            receive(Frame.DATA, Frame.SYN, id, 0);
            receive(Frame.WINDOW_UPDATE, Frame.RST, id, 0);
            out.frames();
            accepted.clear();
        }
        endsWith(HostException.Kind.LIMIT);
    }

    @Test
    void disconnectsWhoDoesNotReadItsAnswers() {
        out.writable = false;
        int pings = 0;
        while (!out.ended && pings < 100_000) {
            receive(Frame.PING, Frame.SYN, 0, pings++);
        }
        assertThat(pings).isEqualTo(YamuxLimits.ANSWERS_WAITING_MAX + 1);
        endsWith(HostException.Kind.LIMIT);
    }

    @Test
    void refusesWhatIsNotYamux() {
        for (int[] bad : new int[][] {
            {4, 0, 0, 0},
            {Frame.DATA, Frame.SYN, 1, 0},
            {Frame.DATA, Frame.SYN, 0, 0},
            {Frame.DATA, 0, 9, -1},
            {Frame.DATA, 0, 9, 1 << 30}
        }) {
            var output = new FakeOutput();
            var other = new YamuxSession(true, LIMITS, output, "the peer");
            other.start(stream -> {});
            other.receive(Frame.header((byte) bad[0], bad[1], bad[2], bad[3]));
            assertThat(output.failure).as("type %d", bad[0]).isNotNull();
            assertThat(output.failure.kind()).isEqualTo(HostException.Kind.PROTOCOL_VIOLATION);
        }
        session.receive(ByteBuffer.wrap("GET / HTTP/1.1\r\n\r\n".getBytes()));
        endsWith(HostException.Kind.PROTOCOL_VIOLATION);
    }

    @Test
    void refusesAStreamNumberThatWasUsed() {
        receive(Frame.DATA, Frame.SYN, 4, 0);
        receive(Frame.DATA, Frame.SYN, 2, 0);
        endsWith(HostException.Kind.PROTOCOL_VIOLATION);
    }

    @Test
    void refusesAWindowThatOverflows() {
        var stream = open();
        write(stream, 1);
        receive(Frame.WINDOW_UPDATE, 0, 1, -1);
        receive(Frame.WINDOW_UPDATE, 0, 1, -1);
        endsWith(HostException.Kind.PROTOCOL_VIOLATION);
    }

    @Test
    void holdsSmallPiecesTogether() {
        receive(Frame.WINDOW_UPDATE, Frame.SYN, 2, 0);
        var stream = accepted.remove();
        for (int i = 0; i < 4_000; i++) {
            receiveData(0, 2, new byte[] {(byte) i});
        }
        int reads = 0;
        int bytes = 0;
        while (bytes < 4_000) {
            byte[] got = read(stream);
            for (byte b : got) {
                assertThat(b).isEqualTo((byte) bytes++);
            }
            reads++;
        }
        assertThat(reads).isLessThan(10);
    }
}
