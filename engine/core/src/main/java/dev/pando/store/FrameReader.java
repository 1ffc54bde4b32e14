package dev.pando.store;

import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DecodeException;
import dev.pando.ipld.Varint;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Walks over the frames of a segment from a given offset to a given end. Tells apart a frame that is whole in form from
 * bytes that are none; whether the content has its hash is for the caller to ask. For one thread.
 */
final class FrameReader {

    /** Longer blocks are never written, so a longer frame is no frame. */
    static final int BLOCK_BYTES_MAX = Store.BLOCK_BYTES_MAX;

    private static final int FRAME_BYTES_MAX = BLOCK_BYTES_MAX + Cid.BYTES_MAX + Varint.BYTES_MAX;
    private static final int BUFFER_BYTES = 128 << 10;

    private final DiskFile file;
    private final long end;
    private ByteBuffer buffer;
    /** Where {@link #buffer}'s first byte stands in the file. */
    private long bufferAt;

    private long frameAt;
    private @Nullable Cid cid;
    private int dataAt;
    private int dataLength;
    private String problem = "";
    private boolean cutOff;

    FrameReader(DiskFile file, long start, long end) {
        this.file = file;
        this.end = end;
        this.buffer = ByteBuffer.allocate((int) Math.max(64, Math.min(BUFFER_BYTES, end - start)));
        this.buffer.limit(0);
        this.bufferAt = start;
        this.frameAt = start;
    }

    /** Moves to the next frame. False at the end, or where the bytes are no frame: then {@link #problem} is not empty. */
    boolean next() throws IOException {
        frameAt = position();
        cid = null;
        problem = "";
        cutOff = false;
        if (frameAt == end) {
            return false;
        }
        try {
            parse();
            return true;
        } catch (DecodeException e) {
            problem = String.valueOf(e.getMessage());
            seek(frameAt);
            return false;
        }
    }

    private void parse() throws IOException {
        fill(Varint.BYTES_MAX);
        long length = Varint.read(buffer);
        if (length < 2 || length > FRAME_BYTES_MAX) {
            throw new DecodeException("frame length " + length);
        }
        if (length > end - position()) {
            cutOff = true;
            throw new DecodeException("frame of " + length + " bytes, " + (end - position()) + " are left");
        }
        fill((int) length);
        int body = buffer.position();
        cid = Cid.read(buffer);
        dataAt = buffer.position();
        dataLength = (int) length - (dataAt - body);
        if (dataLength < 0 || dataLength > BLOCK_BYTES_MAX) {
            throw new DecodeException("block of " + dataLength + " bytes");
        }
        buffer.position(dataAt + dataLength);
    }

    /** The offset of the frame that {@link #next} moved to, or could not read. */
    long frameOffset() {
        return frameAt;
    }

    /** The offset behind the current frame. */
    long position() {
        return bufferAt + buffer.position();
    }

    long dataOffset() {
        return bufferAt + dataAt;
    }

    int dataLength() {
        return dataLength;
    }

    Cid cid() {
        Cid current = cid;
        if (current == null) {
            throw new IllegalStateException("no frame");
        }
        return current;
    }

    byte[] data() {
        byte[] data = new byte[dataLength];
        buffer.get(dataAt, data);
        return data;
    }

    Block block() {
        return new Block(cid(), data());
    }

    /** Why {@link #next} returned false; empty at the end. */
    String problem() {
        return problem;
    }

    /** Whether {@link #next} returned false because the frame, by its own length, goes on behind the end. */
    boolean isCutOff() {
        return cutOff;
    }

    private void seek(long offset) {
        if (offset >= bufferAt && offset <= bufferAt + buffer.limit()) {
            buffer.position((int) (offset - bufferAt));
        } else {
            bufferAt = offset;
            buffer.limit(0);
        }
    }

    /** Makes {@code bytes} from the current position available, or all until the end. */
    private void fill(int bytes) throws IOException {
        if (buffer.remaining() >= bytes || bufferAt + buffer.limit() >= end) {
            return;
        }
        long at = position();
        ByteBuffer target = buffer;
        if (target.capacity() < bytes) {
            target = ByteBuffer.allocate(bytes);
            target.put(buffer).flip();
        } else {
            target.compact().flip();
        }
        int kept = target.limit();
        target.position(kept).limit((int) Math.min(target.capacity(), end - at));
        int read = file.read(at + kept, target);
        target.limit(kept + read).position(0);
        buffer = target;
        bufferAt = at;
    }
}
