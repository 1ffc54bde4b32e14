package dev.pando.jdbc.wire;

import com.google.protobuf.MessageLite;
import dev.pando.jdbc.wire.proto.Request;
import dev.pando.jdbc.wire.proto.Response;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Messages on a byte stream.
 *
 * <pre>
 * client: 'P' 'A' 'N' 'D' 'O' 'S' 'Q' '1'     once, before its first frame
 * frame:  | length (4 bytes, big-endian) | protobuf message (length bytes) |
 * </pre>
 */
public final class Frames {
    /** What a client sends first; a TLS hello never begins so. */
    private static final byte[] PREFACE = {'P', 'A', 'N', 'D', 'O', 'S', 'Q', '1'};

    /** Bytes of one message: the greatest value (4 MiB) and what goes with it. A greater one is 54000 or ends the connection. */
    public static final int MESSAGE_BYTES_MAX = 4 * 1024 * 1024 + 512 * 1024;

    /** Bytes of a message before the login is done; a greater one ends the connection. */
    public static final int LOGIN_BYTES_MAX = 16 * 1024;

    private Frames() {}

    public static void writePreface(OutputStream out) throws IOException {
        out.write(PREFACE);
    }

    /** @throws ProtocolException when something else comes */
    public static void readPreface(InputStream in) throws IOException {
        byte[] got = in.readNBytes(PREFACE.length);
        if (!Arrays.equals(got, PREFACE)) {
            throw new ProtocolException("this is not a Pando SQL client");
        }
    }

    /** Writes one message and flushes. */
    public static void write(OutputStream out, MessageLite message) throws IOException {
        int length = message.getSerializedSize();
        if (length > MESSAGE_BYTES_MAX) {
            throw new MessageTooLargeException(length);
        }
        byte[] frame = new byte[4 + length];
        ByteBuffer.wrap(frame).putInt(length).put(message.toByteArray());
        out.write(frame);
        out.flush();
    }

    /** @throws EOFException at the end of the stream */
    public static Request readRequest(InputStream in, int bytesMax) throws IOException {
        return Request.parseFrom(read(in, bytesMax));
    }

    /** @throws EOFException at the end of the stream */
    public static Response readResponse(InputStream in, int bytesMax) throws IOException {
        return Response.parseFrom(read(in, bytesMax));
    }

    private static byte[] read(InputStream in, int bytesMax) throws IOException {
        int length = new DataInputStream(in).readInt();
        if (length < 0 || length > bytesMax) {
            throw new ProtocolException("a message of " + (length & 0xffff_ffffL) + " bytes; at most " + bytesMax
                    + " are taken here: this is not a Pando SQL peer, or not one of this version");
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the connection ended inside a message");
        }
        return bytes;
    }

    /** A message over {@link #MESSAGE_BYTES_MAX} was to be sent; nothing was. */
    public static final class MessageTooLargeException extends IOException {
        private static final long serialVersionUID = 1L;

        MessageTooLargeException(long bytes) {
            super("a message of " + bytes + " bytes is over the limit of " + MESSAGE_BYTES_MAX
                    + " bytes for one message of the SQL protocol");
        }
    }
}
