package dev.pando.store;

/** What a store needs that is not a function of its input. */
@FunctionalInterface
public interface StoreEnvironment {

    /** Fills {@code target} with random bytes; unpredictable outside simulations. */
    void randomBytes(byte[] target);
}
