package dev.pando.collection;

import org.jspecify.annotations.Nullable;

/** Checks that a text is one JSON value (RFC 8259), without building anything. */
final class JsonText {

    /** Objects and arrays within each other at most; deeper text is refused. */
    private static final int DEPTH_MAX = 512;

    private final String text;
    private int at;
    private int depth;

    private JsonText(String text) {
        this.text = text;
    }

    /** Why {@code text} is not JSON, or null when it is. */
    static @Nullable String refusal(String text) {
        JsonText json = new JsonText(text);
        boolean valid = json.value();
        json.space();
        if (valid && json.at == text.length()) {
            return null;
        }
        return json.depth > DEPTH_MAX ? "nested deeper than " + DEPTH_MAX : "unexpected text at character " + json.at;
    }

    private boolean value() {
        space();
        if (at == text.length()) {
            return false;
        }
        return switch (text.charAt(at)) {
            case '{' -> container('}', true);
            case '[' -> container(']', false);
            case '"' -> string();
            case 't' -> word("true");
            case 'f' -> word("false");
            case 'n' -> word("null");
            default -> number();
        };
    }

    private boolean container(char end, boolean named) {
        at++;
        if (++depth > DEPTH_MAX) {
            return false;
        }
        space();
        if (take(end)) {
            depth--;
            return true;
        }
        do {
            space();
            if (named && !(at < text.length() && text.charAt(at) == '"' && string() && colon()) || !value()) {
                return false;
            }
            space();
        } while (take(','));
        depth--;
        return take(end);
    }

    private boolean colon() {
        space();
        return take(':');
    }

    private boolean string() {
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return true;
            }
            if (c < ' ' || c == '\\' && !escape()) {
                return false;
            }
        }
        return false;
    }

    /** Stands on the backslash; leaves {@code at} on the last character of the escape. */
    private boolean escape() {
        if (++at == text.length()) {
            return false;
        }
        if (text.charAt(at) != 'u') {
            return "\"\\/bfnrt".indexOf(text.charAt(at)) >= 0;
        }
        for (int i = 0; i < 4; i++) {
            if (++at == text.length() || "0123456789abcdefABCDEF".indexOf(text.charAt(at)) < 0) {
                return false;
            }
        }
        return true;
    }

    private boolean number() {
        take('-');
        if (!take('0') && !digits()) {
            return false;
        }
        if (take('.') && !digits()) {
            return false;
        }
        if (take('e') || take('E')) {
            if (!take('+')) {
                take('-');
            }
            return digits();
        }
        return true;
    }

    private boolean digits() {
        int from = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at > from;
    }

    private boolean word(String word) {
        boolean there = text.startsWith(word, at);
        at += there ? word.length() : 0;
        return there;
    }

    private boolean take(char c) {
        boolean there = at < text.length() && text.charAt(at) == c;
        at += there ? 1 : 0;
        return there;
    }

    private void space() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }
}
