package dev.pando.libp2p.noise;

import com.google.protobuf.ByteString;
import dev.pando.libp2p.KeyPair;
import dev.pando.libp2p.crypto.X25519Pair;
import dev.pando.libp2p.pb.NoiseExtensions;
import dev.pando.libp2p.pb.NoiseHandshakePayload;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;

/**
 * What a host brings to its handshakes: a static Noise key that lives as long as the host, and the payload that proves
 * it to be the host's. Signed once, used for every connection. Thread-safe.
 *
 * @param muxers in order of preference, announced in the handshake; empty leaves them to multistream-select
 * @param proven the peers' static keys that were checked already
 */
public record NoiseIdentity(X25519Pair statics, byte[] payload, List<String> muxers, ProvenKeys proven) {
    private static final byte[] SIGNATURE_PREFIX = "noise-libp2p-static-key:".getBytes(StandardCharsets.US_ASCII);

    NoiseIdentity(X25519Pair statics, byte[] payload, List<String> muxers) {
        this(statics, payload, muxers, new ProvenKeys());
    }

    public static NoiseIdentity create(KeyPair identity, List<String> muxers, SecureRandom random) {
        var statics = X25519Pair.generate(random);
        var payload = NoiseHandshakePayload.newBuilder()
                .setIdentityKey(ByteString.copyFrom(identity.publicKey().toBytes()))
                .setIdentitySig(ByteString.copyFrom(identity.sign(signed(statics.publicKey()))));
        if (!muxers.isEmpty()) {
            payload.setExtensions(NoiseExtensions.newBuilder().addAllStreamMuxers(muxers));
        }
        return new NoiseIdentity(statics, payload.build().toByteArray(), List.copyOf(muxers));
    }

    static byte[] signed(byte[] staticKey) {
        byte[] bytes = Arrays.copyOf(SIGNATURE_PREFIX, SIGNATURE_PREFIX.length + staticKey.length);
        System.arraycopy(staticKey, 0, bytes, SIGNATURE_PREFIX.length, staticKey.length);
        return bytes;
    }
}
