package dev.pando.ipld;

import java.util.Arrays;

/**
 * Bytes written as one big number in a base that is no power of two (base58, base36). A leading zero byte is a leading
 * zero digit. The time grows with the square of the length, hence the limit.
 */
final class BigBase {

    /** Longer texts are refused when decoded: their cost is quadratic, and identifiers are shorter than 200. */
    static final int CHARS_MAX = 1_024;

    static final BigBase BASE58_BTC =
            new BigBase("base58btc", "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz");
    static final BigBase BASE36 = new BigBase("base36", "0123456789abcdefghijklmnopqrstuvwxyz");

    private final String name;
    private final char[] digits;
    private final byte[] values = new byte[128];

    private BigBase(String name, String alphabet) {
        this.name = name;
        this.digits = alphabet.toCharArray();
        Arrays.fill(values, (byte) -1);
        for (int i = 0; i < digits.length; i++) {
            values[digits[i]] = (byte) i;
        }
    }

    String encode(byte[] bytes) {
        int zeros = 0;
        while (zeros < bytes.length && bytes[zeros] == 0) {
            zeros++;
        }
        // log(256) / log(36) < 1.55
        int[] out = new int[bytes.length * 155 / 100 + 1];
        int used = 0;
        for (int i = zeros; i < bytes.length; i++) {
            int carry = bytes[i] & 0xff;
            for (int j = 0; j < used || carry != 0; j++) {
                carry += out[j] << 8;
                out[j] = carry % digits.length;
                carry /= digits.length;
                used = Math.max(used, j + 1);
            }
        }
        char[] text = new char[zeros + used];
        Arrays.fill(text, 0, zeros, digits[0]);
        for (int i = 0; i < used; i++) {
            text[zeros + i] = digits[out[used - 1 - i]];
        }
        return new String(text);
    }

    byte[] decode(String text) {
        if (text.length() > CHARS_MAX) {
            throw new DecodeException(name + " text of " + text.length() + " characters, at most " + CHARS_MAX);
        }
        int zeros = 0;
        while (zeros < text.length() && text.charAt(zeros) == digits[0]) {
            zeros++;
        }
        int[] out = new int[text.length()];
        int used = 0;
        for (int i = zeros; i < text.length(); i++) {
            int carry = valueAt(text, i);
            for (int j = 0; j < used || carry != 0; j++) {
                carry += out[j] * digits.length;
                out[j] = carry & 0xff;
                carry >>>= 8;
                used = Math.max(used, j + 1);
            }
        }
        byte[] bytes = new byte[zeros + used];
        for (int i = 0; i < used; i++) {
            bytes[zeros + i] = (byte) out[used - 1 - i];
        }
        return bytes;
    }

    private int valueAt(String text, int index) {
        char c = text.charAt(index);
        int value = c < values.length ? values[c] : -1;
        if (value < 0) {
            throw new DecodeException("character " + (index + 1) + " is no " + name + " digit");
        }
        return value;
    }
}
