package dev.pando.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * SipHash-1-3: a hash with a secret. Keys are made of hashes that anyone may choose, and whoever does not know the secret
 * cannot choose them so that they all meet in one place.
 */
final class SipHash {

    static final int SECRET_BYTES = 16;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final long first;
    private final long second;

    SipHash(byte[] secret) {
        first = (long) LONG.get(secret, 0);
        second = (long) LONG.get(secret, Long.BYTES);
    }

    long of(byte[] bytes) {
        long v0 = first ^ 0x736f6d6570736575L;
        long v1 = second ^ 0x646f72616e646f6dL;
        long v2 = first ^ 0x6c7967656e657261L;
        long v3 = second ^ 0x7465646279746573L;
        int whole = bytes.length & -Long.BYTES;
        long word = 0;
        /* The words, the one with the rest and the length, and then three rounds more. */
        for (int at = 0, extra = -1; extra < 3; ) {
            if (at < whole) {
                word = (long) LONG.get(bytes, at);
                at += Long.BYTES;
            } else if (extra < 0) {
                word = rest(bytes, whole);
                extra = 0;
            } else {
                word = 0;
                v2 ^= extra == 0 ? 0xff : 0;
                extra++;
            }
            v3 ^= word;
            v0 += v1;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v3;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 += v3;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 += v1;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v2 = Long.rotateLeft(v2, 32);
            v0 ^= word;
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }

    private static long rest(byte[] bytes, int from) {
        long word = (long) bytes.length << 56;
        for (int i = from; i < bytes.length; i++) {
            word |= (bytes[i] & 0xffL) << (8 * (i - from));
        }
        return word;
    }
}
