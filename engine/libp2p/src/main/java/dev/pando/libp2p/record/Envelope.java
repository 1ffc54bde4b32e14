package dev.pando.libp2p.record;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pando.ipld.Varint;
import dev.pando.libp2p.KeyPair;
import dev.pando.libp2p.PublicKey;
import dev.pando.libp2p.pb.EnvelopeMessage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bytes with the signature of whoever made them, for one purpose. What is signed is the purpose (domain), the type and
 * the payload, each behind its length, so that none can be taken for another.
 *
 * @param signer whose signature it is; checked
 */
public record Envelope(PublicKey signer, byte[] payload) {
    /** Signs {@code payload}; the bytes of the envelope. */
    public static byte[] seal(KeyPair key, String domain, byte[] payloadType, byte[] payload) {
        return EnvelopeMessage.newBuilder()
                .setPublicKey(ByteString.copyFrom(key.publicKey().toBytes()))
                .setPayloadType(ByteString.copyFrom(payloadType))
                .setPayload(ByteString.copyFrom(payload))
                .setSignature(ByteString.copyFrom(key.sign(signed(domain, payloadType, payload))))
                .build()
                .toByteArray();
    }

    /** @throws IllegalArgumentException when it is malformed, of another type, or not signed for {@code domain} */
    public static Envelope open(byte[] bytes, String domain, byte[] payloadType) {
        EnvelopeMessage message;
        try {
            message = EnvelopeMessage.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("a malformed envelope: " + e.getMessage(), e);
        }
        if (!Arrays.equals(message.getPayloadType().toByteArray(), payloadType)) {
            throw new IllegalArgumentException("an envelope of another type");
        }
        var signer = PublicKey.fromBytes(message.getPublicKey().toByteArray());
        byte[] payload = message.getPayload().toByteArray();
        if (!signer.verify(
                signed(domain, payloadType, payload), message.getSignature().toByteArray())) {
            throw new IllegalArgumentException("an envelope whose signature does not fit");
        }
        return new Envelope(signer, payload);
    }

    private static byte[] signed(String domain, byte[] payloadType, byte[] payload) {
        byte[] name = domain.getBytes(StandardCharsets.UTF_8);
        var out = ByteBuffer.allocate(3 * Varint.BYTES_MAX + name.length + payloadType.length + payload.length);
        for (byte[] part : new byte[][] {name, payloadType, payload}) {
            Varint.write(out, part.length);
            out.put(part);
        }
        return Arrays.copyOf(out.array(), out.position());
    }
}
