package dev.pando.crdt;

import java.util.Arrays;

/** A growing array that derived values are written to. Not thread-safe; made to be reused. */
public final class StateOutput {

    private byte[] bytes;
    private int size;

    public StateOutput(int expectedBytes) {
        bytes = new byte[Math.max(16, expectedBytes)];
    }

    public StateOutput reset() {
        size = 0;
        return this;
    }

    public int size() {
        return size;
    }

    public void putByte(int value) {
        ensure(1);
        bytes[size++] = (byte) value;
    }

    /** Big-endian. */
    public void putShort(int value) {
        putByte(value >> 8);
        putByte(value);
    }

    /** Big-endian. */
    public void putInt(int value) {
        putShort(value >> 16);
        putShort(value);
    }

    /** Big-endian. */
    public void putLong(long value) {
        putInt((int) (value >> 32));
        putInt((int) value);
    }

    /** Seven bits a byte, the least significant first. */
    public void putVarint(int value) {
        ensure(5);
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    public void putBytes(byte[] source) {
        putBytes(source, 0, source.length);
    }

    public void putBytes(byte[] source, int offset, int length) {
        ensure(length);
        System.arraycopy(source, offset, bytes, size, length);
        size += length;
    }

    /** Appends all that {@code other} holds. */
    public void putBytes(StateOutput other) {
        putBytes(other.bytes, 0, other.size);
    }

    /** A byte written before. */
    public byte byteAt(int offset) {
        if (offset >= size) {
            throw new IndexOutOfBoundsException(offset + " of " + size);
        }
        return bytes[offset];
    }

    /** Whether the first bytes of {@code other} are what was written. */
    public boolean equals(byte[] other, int length) {
        return Arrays.equals(bytes, 0, size, other, 0, length);
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    private void ensure(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), bytes.length * 2));
        }
    }
}
