package dev.pando.dag;

import dev.pando.ipld.CborReader;
import dev.pando.ipld.DecodeException;

/** Checks that all blocks share. */
final class Blocks {

    private Blocks() {}

    static void checkSize(byte[] block) {
        if (block.length > Commit.BLOCK_BYTES_MAX) {
            throw new DecodeException("a block of " + block.length + " bytes, at most " + Commit.BLOCK_BYTES_MAX);
        }
    }

    /** Reads the first entry of a block's map. One of another version must be canonical all the same. */
    static void readVersion(CborReader in, byte[] block, String what) {
        in.expectKey("v");
        long version = in.readInt();
        if (version != 1) {
            CborReader whole = new CborReader(block);
            whole.skip();
            whole.end();
            throw new UnknownVersionException(what, version);
        }
    }

    static byte[] sized(byte[] bytes, int expected, String field) {
        if (bytes.length != expected) {
            throw new DecodeException(field + " has " + bytes.length + " bytes, expected " + expected);
        }
        return bytes;
    }

    static long hlc(long hlc) {
        if (hlc < 0) {
            throw new DecodeException("hlc below zero");
        }
        return hlc;
    }
}
