package dev.pando.jdbc.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts SQL text into statements at semicolons that stand outside of literals, quoted names and comments. Text may come
 * in pieces.
 */
final class SqlSplitter {
    /**
     * One statement.
     *
     * @param line the line of all text so far in which it begins, from 1
     */
    record Piece(String sql, long line) {}

    private enum State {
        TEXT,
        LITERAL,
        NAME,
        LINE_COMMENT,
        BLOCK_COMMENT
    }

    private final StringBuilder pending = new StringBuilder();
    private State state = State.TEXT;
    private boolean hasContent;
    private long line = 1;
    private long firstLine;

    /** Adds text, and returns the statements that it completes, without their semicolons. */
    List<Piece> add(String text) {
        List<Piece> complete = new ArrayList<>();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            char next = i + 1 < text.length() ? text.charAt(i + 1) : '\0';
            line += c == '\n' ? 1 : 0;
            if (state == State.TEXT && c == ';') {
                take(complete);
                continue;
            }
            pending.append(c);
            boolean inComment = inComment();
            step(c, next);
            if (inComment && !inComment() && !hasContent) {
                /* A comment before a statement is no part of it. */
                pending.setLength(0);
            }
        }
        return complete;
    }

    private boolean inComment() {
        return state == State.LINE_COMMENT || state == State.BLOCK_COMMENT;
    }

    private void step(char c, char next) {
        switch (state) {
            case TEXT -> {
                if (c == '\'') {
                    state = State.LITERAL;
                } else if (c == '"') {
                    state = State.NAME;
                } else if (c == '-' && next == '-') {
                    state = State.LINE_COMMENT;
                } else if (c == '/' && next == '*') {
                    state = State.BLOCK_COMMENT;
                }
                if (!hasContent && !Character.isWhitespace(c) && !inComment()) {
                    hasContent = true;
                    firstLine = line;
                }
            }
            case LITERAL -> state = c == '\'' ? State.TEXT : state;
            case NAME -> state = c == '"' ? State.TEXT : state;
            case LINE_COMMENT -> state = c == '\n' ? State.TEXT : state;
            case BLOCK_COMMENT -> {
                int length = pending.length();
                boolean closed = c == '/' && length >= 4 && pending.charAt(length - 2) == '*';
                state = closed && !pending.substring(length - 3).equals("/*/") ? State.TEXT : state;
            }
        }
    }

    private void take(List<Piece> complete) {
        if (hasContent) {
            complete.add(new Piece(pending.toString().strip(), firstLine));
        }
        pending.setLength(0);
        hasContent = false;
    }

    /** Whether a statement has begun and not ended. */
    boolean inStatement() {
        return hasContent || state == State.LITERAL || state == State.NAME || state == State.BLOCK_COMMENT;
    }

    /** What is left without a semicolon at the end: a statement, or nothing. */
    List<Piece> end() {
        List<Piece> complete = new ArrayList<>();
        take(complete);
        state = State.TEXT;
        return complete;
    }
}
