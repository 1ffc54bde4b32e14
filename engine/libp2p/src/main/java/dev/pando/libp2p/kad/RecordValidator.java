package dev.pando.libp2p.kad;

/** Says which values a key may have, and which of two is the better. Pure; thread-safe. */
public interface RecordValidator {

    /** Whether {@code value} may stand under {@code key}. */
    boolean valid(byte[] key, byte[] value);

    /** Whether {@code other} is to replace {@code present}; both are valid. */
    boolean better(byte[] key, byte[] other, byte[] present);
}
