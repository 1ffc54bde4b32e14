package dev.pando.libp2p;

/** The kinds of identity keys, by their number in the protobuf {@code KeyType}. */
public enum KeyType {
    RSA,
    ED25519,
    SECP256K1,
    ECDSA;

    int code() {
        return ordinal();
    }
}
