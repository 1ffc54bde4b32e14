package dev.pando.ipld;

import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;

/** Bytes as text whose first character names the base. Only canonical text is decoded: no padding, no stray bits. */
public final class Multibase {

    private static final String BASE32_DIGITS = "abcdefghijklmnopqrstuvwxyz234567";
    private static final char[] BASE32 = BASE32_DIGITS.toCharArray();
    private static final byte[] BASE32_VALUES = new byte[128];

    static {
        Arrays.fill(BASE32_VALUES, (byte) -1);
        for (int i = 0; i < BASE32.length; i++) {
            BASE32_VALUES[BASE32[i]] = (byte) i;
        }
    }

    private Multibase() {}

    /** {@code b}: RFC 4648 base32 in lower case without padding, the usual form of a CIDv1. */
    public static String encodeBase32(byte[] bytes) {
        char[] text = new char[1 + (bytes.length * 8 + 4) / 5];
        text[0] = 'b';
        int at = 1;
        int bits = 0;
        int held = 0;
        for (byte b : bytes) {
            held = (held << 8 | (b & 0xff)) & 0xfff;
            bits += 8;
            while (bits >= 5) {
                bits -= 5;
                text[at++] = BASE32[held >>> bits & 31];
            }
        }
        if (bits > 0) {
            text[at] = BASE32[held << (5 - bits) & 31];
        }
        return new String(text);
    }

    /** {@code z}. Its time grows with the square of the length. */
    public static String encodeBase58btc(byte[] bytes) {
        return "z" + toBase58(bytes);
    }

    /** {@code f}: hexadecimal in lower case. */
    public static String encodeBase16(byte[] bytes) {
        return "f" + HexFormat.of().formatHex(bytes);
    }

    /** {@code u}: base64url without padding. */
    public static String encodeBase64url(byte[] bytes) {
        return "u" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** base58btc without the multibase prefix: the form of Peer IDs and of CIDv0. */
    public static String toBase58(byte[] bytes) {
        return BigBase.BASE58_BTC.encode(bytes);
    }

    /** Decodes base58btc without a prefix, at most 1,024 characters. */
    public static byte[] fromBase58(String text) {
        return BigBase.BASE58_BTC.decode(text);
    }

    /**
     * Decodes the bases {@code b B f F k u z}.
     *
     * @throws DecodeException when the prefix is another one or the text is not canonical
     */
    public static byte[] decode(String text) {
        if (text.isEmpty()) {
            throw new DecodeException("empty text, expected a multibase prefix");
        }
        String digits = text.substring(1);
        return switch (text.charAt(0)) {
            case 'b' -> decodeBase32(digits);
            case 'B' -> decodeBase32(lowerCase(digits));
            case 'f' -> decodeBase16(digits);
            case 'F' -> decodeBase16(lowerCase(digits));
            case 'k' -> BigBase.BASE36.decode(digits);
            case 'u' -> decodeBase64url(digits);
            case 'z' -> fromBase58(digits);
            default ->
                throw new DecodeException("multibase prefix '" + text.charAt(0) + "', expected one of b B f F k u z");
        };
    }

    private static String lowerCase(String digits) {
        String lower = digits.toLowerCase(Locale.ROOT);
        for (int i = 0; i < digits.length(); i++) {
            if (digits.charAt(i) >= 'a') {
                throw new DecodeException("character " + (i + 1) + " is no upper case digit");
            }
        }
        return lower;
    }

    private static byte[] decodeBase32(String digits) {
        byte[] bytes = new byte[(int) (digits.length() * 5L / 8)];
        int at = 0;
        int bits = 0;
        int held = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            int value = c < BASE32_VALUES.length ? BASE32_VALUES[c] : -1;
            if (value < 0) {
                throw new DecodeException("character " + (i + 1) + " is no base32 digit");
            }
            held = (held << 5 | value) & 0xfff;
            bits += 5;
            if (bits >= 8) {
                bits -= 8;
                bytes[at++] = (byte) (held >>> bits);
            }
        }
        if (bits >= 5 || (held & ((1 << bits) - 1)) != 0) {
            throw new DecodeException("base32 text of " + digits.length() + " characters ends in stray bits");
        }
        return bytes;
    }

    private static byte[] decodeBase16(String digits) {
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
                throw new DecodeException("character " + (i + 1) + " is no base16 digit");
            }
        }
        if (digits.length() % 2 != 0) {
            throw new DecodeException("base16 text of odd length " + digits.length());
        }
        return HexFormat.of().parseHex(digits);
    }

    private static byte[] decodeBase64url(String digits) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(digits);
        } catch (IllegalArgumentException e) {
            throw new DecodeException("no base64url: " + e.getMessage(), e);
        }
        if (!encodeBase64url(bytes).equals("u" + digits)) {
            throw new DecodeException("base64url text is padded or ends in stray bits");
        }
        return bytes;
    }
}
