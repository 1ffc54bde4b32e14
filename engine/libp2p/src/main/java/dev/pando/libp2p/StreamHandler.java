package dev.pando.libp2p;

/** Serves a protocol: called once for each stream that a peer opened for it. */
@FunctionalInterface
public interface StreamHandler {
    /** Takes over {@code stream}. Must not block. A handler that throws resets the stream. */
    void onStream(Stream stream);
}
