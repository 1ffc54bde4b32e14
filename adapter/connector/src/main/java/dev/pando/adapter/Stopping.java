package dev.pando.adapter;

import java.sql.SQLException;
import java.util.List;

/** The last steps of a stop: what could hold the class loader of the deployment is taken back. */
final class Stopping {

    private static final System.Logger LOG = System.getLogger(Stopping.class.getName());

    private Stopping() {}

    /** Gives the nodes back and removes what libraries registered; runs on a session thread. */
    static void nodes(List<SharedNodes.Lease> leases) {
        for (SharedNodes.Lease lease : leases) {
            try {
                lease.close();
            } catch (SQLException failed) {
                warn("a node did not stop cleanly", failed);
            }
        }
    }

    static void warn(String what, Throwable failed) {
        LOG.log(System.Logger.Level.WARNING, what, failed);
    }
}
