package dev.pando.ipld;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a CARv1 archive from the front, one block at a time and in bounded memory: the header takes at most
 * {@link CarWriter#HEADER_BYTES_MAX}, a block {@link CarWriter#BLOCK_BYTES_MAX}. Whatever is no archive, an end within a
 * frame included, is a {@link DecodeException}. After it the
 * reader is of no more use. Not thread-safe. The stream stays the caller's to close, and should be
 * buffered.
 */
public final class CarReader {

    /** More than this is allocated only as the bytes come in. */
    private static final int TRUSTED_BYTES = 64 << 10;

    private final CountingInput in;
    private final boolean verify;
    private final List<Cid> roots;
    private long end;

    private CarReader(InputStream in, boolean verify) throws IOException {
        this.in = new CountingInput(in);
        this.verify = verify;
        this.roots = readHeader();
        this.end = this.in.count;
    }

    /** Opens an archive and reads its header. With {@code verify} a block whose hash is wrong is refused. */
    public static CarReader open(InputStream in, boolean verify) throws IOException {
        return new CarReader(in, verify);
    }

    /** Like {@link #open(InputStream, boolean)}, from what remains of {@code in}; offsets begin at 0 there. */
    public static CarReader open(ByteBuffer in, boolean verify) {
        try {
            return new CarReader(new BufferInput(in), verify);
        } catch (IOException e) {
            throw new IllegalStateException("a buffer has no I/O errors", e);
        }
    }

    public List<Cid> roots() {
        return roots;
    }

    /** The offset behind the last block that {@link #next} returned, or behind the header. */
    public long end() {
        return end;
    }

    /** The next block, or null at the end of the archive. */
    public @Nullable CarFrame next() throws IOException {
        long offset = end;
        try {
            long length = Varint.read(in);
            if (length < 0) {
                return null;
            }
            Block block = readBlock(length);
            if (verify && !block.matches()) {
                throw new DecodeException("the bytes do not have the hash of " + block.cid());
            }
            end = in.count;
            return new CarFrame(offset, (int) (end - offset), block);
        } catch (EOFException | DecodeException e) {
            throw new DecodeException("CAR frame at offset " + offset + ": " + e.getMessage(), e);
        }
    }

    private Block readBlock(long length) throws IOException {
        if (length == 0 || length > Cid.BYTES_MAX + CarWriter.BLOCK_BYTES_MAX) {
            throw new DecodeException("length " + length + ", expected a CID and a block of at most "
                    + CarWriter.BLOCK_BYTES_MAX + " bytes");
        }
        ByteBuffer body = ByteBuffer.wrap(in.exactly((int) length));
        Cid cid = Cid.read(body);
        if (body.remaining() > CarWriter.BLOCK_BYTES_MAX) {
            throw new DecodeException("block of " + body.remaining() + " bytes, at most " + CarWriter.BLOCK_BYTES_MAX);
        }
        byte[] block = new byte[body.remaining()];
        body.get(block);
        return new Block(cid, block);
    }

    private List<Cid> readHeader() throws IOException {
        try {
            long length = Varint.read(in);
            if (length < 1 || length > CarWriter.HEADER_BYTES_MAX) {
                throw new DecodeException(
                        length < 0
                                ? "the archive is empty"
                                : "length " + length + ", expected 1 to " + CarWriter.HEADER_BYTES_MAX);
            }
            CborReader reader = new CborReader(in.exactly((int) length));
            reader.readMap();
            List<Cid> found = reader.tryKey("roots") ? readRoots(reader) : null;
            reader.expectKey("version");
            long version = reader.readInt();
            reader.endMap();
            reader.end();
            if (version != 1 || found == null) {
                throw new DecodeException("version " + version + (found == null ? " without roots" : "")
                        + ", expected version 1 with roots");
            }
            return found;
        } catch (EOFException | DecodeException e) {
            throw new DecodeException("CAR header: " + e.getMessage(), e);
        }
    }

    private static List<Cid> readRoots(CborReader reader) {
        int count = reader.readList();
        List<Cid> roots = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            roots.add(reader.readLink());
        }
        return List.copyOf(roots);
    }

    /** Knows how many bytes were read. */
    private static final class CountingInput extends InputStream {

        private final InputStream in;
        private long count;

        CountingInput(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            int b = in.read();
            count += b < 0 ? 0 : 1;
            return b;
        }

        @Override
        public int read(byte[] out, int offset, int length) throws IOException {
            int got = in.read(out, offset, length);
            count += Math.max(got, 0);
            return got;
        }

        byte[] exactly(int length) throws IOException {
            byte[] bytes;
            int got;
            if (length <= TRUSTED_BYTES) {
                bytes = new byte[length];
                got = readNBytes(bytes, 0, length);
            } else {
                bytes = readNBytes(length);
                got = bytes.length;
            }
            if (got < length) {
                throw new EOFException("cut off: " + got + " of " + length + " bytes");
            }
            return bytes;
        }
    }

    private static final class BufferInput extends InputStream {

        private final ByteBuffer in;

        BufferInput(ByteBuffer in) {
            this.in = in;
        }

        @Override
        public int read() {
            return in.hasRemaining() ? in.get() & 0xff : -1;
        }

        @Override
        public int read(byte[] out, int offset, int length) {
            if (length > 0 && !in.hasRemaining()) {
                return -1;
            }
            int count = Math.min(length, in.remaining());
            in.get(out, offset, count);
            return count;
        }
    }
}
