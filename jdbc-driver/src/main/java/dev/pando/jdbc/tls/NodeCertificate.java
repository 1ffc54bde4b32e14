package dev.pando.jdbc.tls;

import dev.pando.libp2p.KeyPair;
import java.nio.charset.StandardCharsets;

/**
 * A version 1 certificate of a node's Ed25519 key, signed by that key. Only the key in it counts: names and times are
 * there because the format wants them, and are the same each time, so that the certificate is.
 */
final class NodeCertificate {
    private static final byte[] ED25519 = Der.element(Der.OBJECT_ID, new byte[] {0x2b, 0x65, 0x70});
    private static final byte[] COMMON_NAME = Der.element(Der.OBJECT_ID, new byte[] {0x55, 4, 3});

    private NodeCertificate() {}

    static byte[] encode(KeyPair identity) {
        byte[] algorithm = Der.element(Der.SEQUENCE, ED25519);
        byte[] name = name(identity.peerId().toString());
        byte[] toBeSigned = Der.element(
                Der.SEQUENCE,
                Der.element(Der.INTEGER, new byte[] {1}),
                algorithm,
                name,
                Der.element(Der.SEQUENCE, time("20200101000000Z"), time("99991231235959Z")),
                name,
                Der.element(
                        Der.SEQUENCE,
                        algorithm,
                        Der.bitString(identity.publicKey().raw())));
        return Der.element(Der.SEQUENCE, toBeSigned, algorithm, Der.bitString(identity.sign(toBeSigned)));
    }

    private static byte[] name(String commonName) {
        byte[] text = Der.element(Der.UTF8_STRING, commonName.getBytes(StandardCharsets.UTF_8));
        return Der.element(Der.SEQUENCE, Der.element(Der.SET, Der.element(Der.SEQUENCE, COMMON_NAME, text)));
    }

    private static byte[] time(String text) {
        return Der.element(Der.GENERALIZED_TIME, text.getBytes(StandardCharsets.US_ASCII));
    }
}
