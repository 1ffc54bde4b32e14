package dev.pando.simulation;

/**
 * Thrown into whatever a node was doing when its machine crashed. An error, not an exception: the code of the node that
 * is unwound must not take it for a fault that it could handle.
 */
public final class NodeCrashed extends Error {

    private static final long serialVersionUID = 1L;

    private final String node;

    NodeCrashed(String node) {
        super(node + " crashed", null, false, true);
        this.node = node;
    }

    int hashCodeOfNode() {
        return node.hashCode();
    }
}
