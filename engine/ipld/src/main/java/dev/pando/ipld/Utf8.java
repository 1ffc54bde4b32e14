package dev.pando.ipld;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Strict UTF-8: the JDK replaces what is malformed, a content-addressed format must refuse it. */
final class Utf8 {

    private Utf8() {}

    /** The bytes that {@code text} takes, or -1 when it has a lone surrogate. */
    static int length(String text) {
        int chars = text.length();
        int bytes = chars;
        for (int i = 0; i < chars; i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                continue;
            }
            if (c < 0x800) {
                bytes += 1;
            } else if (!Character.isSurrogate(c)) {
                bytes += 2;
            } else if (Character.isHighSurrogate(c) && i + 1 < chars && Character.isLowSurrogate(text.charAt(i + 1))) {
                bytes += 2;
                i++;
            } else {
                return -1;
            }
        }
        return bytes;
    }

    /** Writes {@code text}, whose {@link #length} is {@code bytes}, at {@code offset}. */
    @SuppressWarnings("deprecation") // the one call that copies ASCII without a temporary array
    static void encode(String text, int bytes, byte[] out, int offset) {
        if (bytes == text.length()) {
            text.getBytes(0, bytes, out, offset);
        } else {
            System.arraycopy(text.getBytes(StandardCharsets.UTF_8), 0, out, offset, bytes);
        }
    }

    /** The text, or null when the bytes are not well-formed UTF-8. */
    static @Nullable String decode(byte[] in, int from, int to) {
        String text = new String(in, from, to - from, StandardCharsets.UTF_8);
        // Malformed input always leaves a U+FFFD behind; only then is it worth encoding again to compare.
        if (text.indexOf('\uFFFD') >= 0) {
            byte[] again = text.getBytes(StandardCharsets.UTF_8);
            if (!Arrays.equals(again, 0, again.length, in, from, to)) {
                return null;
            }
        }
        return text;
    }

    static boolean isValid(byte[] in, int from, int to) {
        for (int i = from; i < to; i++) {
            if (in[i] < 0) {
                return decode(in, i, to) != null;
            }
        }
        return true;
    }

    /** The order of map keys in DAG-CBOR: shorter in UTF-8 first, then by bytes. */
    static int compareKeys(String a, String b) {
        int byLength = Integer.compare(length(a), length(b));
        if (byLength != 0) {
            return byLength;
        }
        int common = Math.min(a.length(), b.length());
        for (int i = 0; i < common; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                return Integer.compare(codePointRank(x), codePointRank(y));
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    /** UTF-8 orders by code point, where what is beyond the BMP (surrogates in UTF-16) comes last. */
    private static int codePointRank(char c) {
        return Character.isSurrogate(c) ? c + 0x10000 : c;
    }
}
