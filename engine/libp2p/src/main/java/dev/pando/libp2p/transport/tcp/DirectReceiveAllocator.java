package dev.pando.libp2p.transport.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;

/** Receives into direct buffers, whatever Netty prefers: the JDK would copy through one of its own. */
final class DirectReceiveAllocator implements RecvByteBufAllocator {
    private static final int BYTES_MIN = 512;
    private static final int BYTES_INITIAL = 2_048;
    private static final int BYTES_MAX = 256 << 10;

    private final RecvByteBufAllocator sizes = new AdaptiveRecvByteBufAllocator(BYTES_MIN, BYTES_INITIAL, BYTES_MAX);

    @Override
    public Handle newHandle() {
        return new DelegatingHandle(sizes.newHandle()) {
            @Override
            public ByteBuf allocate(ByteBufAllocator allocator) {
                return allocator.directBuffer(guess());
            }
        };
    }
}
