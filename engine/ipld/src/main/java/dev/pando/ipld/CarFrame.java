package dev.pando.ipld;

/**
 * A block and where it stands in its archive.
 *
 * @param offset of the frame's first byte, that of its length, counted from the beginning of the archive
 * @param length of the whole frame in bytes
 * @param block whose hash was checked only when the reader was asked to
 */
public record CarFrame(long offset, int length, Block block) {

    /** The offset of the block's first byte. */
    public long blockOffset() {
        return offset + length - block.bytes().length;
    }

    /** The offset behind the frame. */
    public long end() {
        return offset + length;
    }
}
