package dev.pando.libp2p.host;

import static dev.pando.libp2p.HostException.Kind.RESET;
import static dev.pando.libp2p.HostException.Kind.TIMEOUT;

import dev.pando.libp2p.HostException;
import dev.pando.libp2p.Scheduler;
import dev.pando.libp2p.multistream.Negotiation;
import dev.pando.libp2p.transport.MuxedStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Runs a {@link Negotiation} over a stream. A negotiation that fails resets the stream. */
final class Negotiator {
    /** @param early what the peer sent behind the negotiation already */
    record Agreed(String protocol, ByteBuffer early) {}

    private final MuxedStream stream;
    private final Negotiation negotiation;
    private final CompletableFuture<Agreed> result = new CompletableFuture<>();

    private Negotiator(MuxedStream stream, Negotiation negotiation) {
        this.stream = stream;
        this.negotiation = negotiation;
    }

    static CompletableFuture<Agreed> run(
            MuxedStream stream, Negotiation negotiation, Scheduler scheduler, Duration timeout) {
        var negotiator = new Negotiator(stream, negotiation);
        Runnable cancel = scheduler.schedule(
                timeout, () -> negotiator.fail(new HostException(TIMEOUT, "agreeing on a protocol took too long")));
        negotiator.result.whenComplete((agreed, why) -> cancel.run());
        negotiator.send();
        negotiator.receive();
        return negotiator.result;
    }

    private void send() {
        var bytes = negotiation.output();
        if (bytes.hasRemaining()) {
            stream.write(bytes);
        }
    }

    private void receive() {
        stream.read().whenComplete((bytes, why) -> {
            if (why != null) {
                result.completeExceptionally(why);
            } else if (bytes == null) {
                fail(new HostException(RESET, "the peer ended the stream before agreeing on a protocol"));
            } else {
                receive(bytes);
            }
        });
    }

    private void receive(ByteBuffer bytes) {
        try {
            negotiation.receive(bytes);
            send();
            if (negotiation.agreed().isPresent()) {
                result.complete(new Agreed(negotiation.agreed().get(), bytes));
            } else {
                receive();
            }
        } catch (HostException e) {
            fail(e);
        }
    }

    private void fail(HostException why) {
        if (result.completeExceptionally(why)) {
            stream.reset();
        }
    }
}
