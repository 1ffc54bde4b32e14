package dev.pando.libp2p.transport.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;

/** Receives into heap buffers, whatever Netty prefers: the ciphers work on arrays. */
final class HeapReceiveAllocator implements RecvByteBufAllocator {
    private static final int BYTES_MIN = 512;
    private static final int BYTES_INITIAL = 2_048;
    private static final int BYTES_MAX = 256 << 10;

    private final RecvByteBufAllocator sizes = new AdaptiveRecvByteBufAllocator(BYTES_MIN, BYTES_INITIAL, BYTES_MAX);

    @Override
    public Handle newHandle() {
        return new DelegatingHandle(sizes.newHandle()) {
            @Override
            public ByteBuf allocate(ByteBufAllocator allocator) {
                return allocator.heapBuffer(guess());
            }
        };
    }
}
