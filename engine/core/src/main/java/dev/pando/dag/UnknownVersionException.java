package dev.pando.dag;

/**
 * Well-formed, but of a version of the format that this program does not know. Nobody is to blame: the block is kept
 * waiting for a program that does.
 */
public final class UnknownVersionException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnknownVersionException(String block, long version) {
        super(block + " of version " + version + "; this program knows version 1");
    }
}
