package dev.pando.libp2p.yamux;

import dev.pando.libp2p.HostException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The connection under a session, as the session sees it. Its tasks and the session's methods run one at a time. */
public interface YamuxOutput extends Executor {
    /** Takes over {@code bytes}, to be sent after all that came before. */
    void write(ByteBuffer bytes);

    /** Whether more should be written now; when it turns true again, {@link YamuxSession#onWritable} is called. */
    boolean isWritable();

    /** Sends what was written. */
    void flush();

    long nanoTime();

    /** The session is over: normally, or because of {@code failure}. Sends what was written and closes. */
    void end(@Nullable HostException failure);
}
