package dev.pando.simulation;

/** One process of a simulated machine, from its start to its crash. Events of a life that ended do not happen. */
final class SimLife {

    /** The world around the machines: never ends. */
    static final SimLife WORLD = new SimLife("world");

    private final String name;
    private boolean alive = true;

    SimLife(String name) {
        this.name = name;
    }

    boolean isAlive() {
        return alive;
    }

    void end() {
        alive = false;
    }

    /** @throws NodeCrashed when this life has ended */
    void checkAlive() {
        if (!alive) {
            throw new NodeCrashed(name);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
