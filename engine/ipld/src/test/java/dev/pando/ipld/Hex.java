package dev.pando.ipld;

import java.util.HexFormat;

/** Bytes as tests write them: hexadecimal, with blanks wherever it reads better. */
final class Hex {

    private Hex() {}

    static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
    }

    static String of(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
