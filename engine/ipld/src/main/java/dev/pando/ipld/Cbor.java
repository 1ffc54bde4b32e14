package dev.pando.ipld;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The bytes of CBOR (RFC 8949) that DAG-CBOR uses: three bits of major type, five of argument. */
final class Cbor {

    static final int UNSIGNED = 0;
    static final int NEGATIVE = 1;
    static final int BYTES = 2;
    static final int TEXT = 3;
    static final int LIST = 4;
    static final int MAP = 5;
    static final int TAG = 6;
    static final int SIMPLE = 7;

    static final int FALSE_BYTE = 0xf4;
    static final int TRUE_BYTE = 0xf5;
    static final int NULL_BYTE = 0xf6;
    static final int DOUBLE_BYTE = 0xfb;

    /** Tag 42, in its two bytes: a CID follows as a byte string that begins with {@link #CID_PREFIX}. */
    static final int LINK_TAG = 42;

    static final byte CID_PREFIX = 0;

    static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private Cbor() {}
}
