package dev.pando.libp2p.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** What bounds every encrypted stream: the cipher of the running JDK, and TCP over loopback, each in one thread. */
final class RawSpeed {
    private static final int FRAME_BYTES = 16 << 10;
    private static final int CHUNK_BYTES = 64 << 10;
    private static final int CIPHER_ROUNDS = 4;
    private static final long CIPHER_BYTES = 300_000_000;
    private static final long TCP_BYTES = 1_000_000_000;

    private RawSpeed() {}

    static void measure() throws GeneralSecurityException, IOException {
        for (int round = 1; round <= CIPHER_ROUNDS; round++) {
            NetworkBench.report(round == CIPHER_ROUNDS, "raw_cipher_mb_per_s", cipher());
        }
        for (boolean counts : new boolean[] {false, true}) {
            NetworkBench.report(counts, "raw_tcp_mb_per_s", tcp());
        }
    }

    private static double cipher() throws GeneralSecurityException {
        var cipher = Cipher.getInstance("ChaCha20-Poly1305", "SunJCE");
        var key = new SecretKeySpec(new byte[32], "ChaCha20");
        byte[] plain = new byte[FRAME_BYTES];
        byte[] sealed = new byte[FRAME_BYTES + 16];
        byte[] nonce = new byte[12];
        long start = System.nanoTime();
        for (int i = 0; i < CIPHER_BYTES / FRAME_BYTES; i++) {
            ByteBuffer.wrap(nonce).putLong(4, i + 1L);
            cipher.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(nonce));
            cipher.doFinal(plain, 0, plain.length, sealed, 0);
        }
        return CIPHER_BYTES * 1e-6 / ((System.nanoTime() - start) * 1e-9);
    }

    /** Writes and reads by turns in one thread, so that both ends' work counts. */
    private static double tcp() throws IOException {
        try (var server = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                var out = SocketChannel.open(server.getLocalAddress());
                var in = server.accept()) {
            out.configureBlocking(false);
            in.configureBlocking(false);
            var written = ByteBuffer.allocateDirect(CHUNK_BYTES);
            var read = ByteBuffer.allocateDirect(CHUNK_BYTES);
            long start = System.nanoTime();
            for (long got = 0; got < TCP_BYTES; got += in.read(read.clear())) {
                out.write(written.hasRemaining() ? written : written.clear());
            }
            return TCP_BYTES * 1e-6 / ((System.nanoTime() - start) * 1e-9);
        }
    }
}
