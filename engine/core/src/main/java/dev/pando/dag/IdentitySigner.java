package dev.pando.dag;

import dev.pando.libp2p.KeyPair;

/** Signs with a key whose public half is the author: its signatures are right. */
@SuppressWarnings("ArrayRecordComponent")
record IdentitySigner(KeyPair identity, byte[] author) implements Signer {

    @Override
    public byte[] sign(byte[] message) {
        return identity.sign(message);
    }
}
