package dev.pando.libp2p.gossip;

import java.util.Random;
import java.util.function.IntUnaryOperator;

/** The router's source of randomness in the shape that {@link java.util.Collections#shuffle} takes. */
final class RandomAdapter extends Random {

    private static final long serialVersionUID = 1L;

    private final transient IntUnaryOperator source;

    RandomAdapter(IntUnaryOperator source) {
        super(0);
        this.source = source;
    }

    @Override
    public int nextInt(int bound) {
        return source.applyAsInt(bound);
    }
}
