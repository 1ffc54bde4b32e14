package dev.pando.adapter;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.runtime.ObjectMethods;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** The last steps of a stop: what could hold the class loader of the deployment is taken back. */
final class Stopping {

    private static final System.Logger LOG = System.getLogger(Stopping.class.getName());

    private Stopping() {}

    /** Gives the nodes back; runs on a thread of the adapter. */
    static void nodes(List<SharedNodes.Lease> leases) {
        for (SharedNodes.Lease lease : leases) {
            try {
                lease.close();
            } catch (SQLException failed) {
                warn("a node did not stop cleanly", failed);
            }
        }
    }

    /**
     * Takes the drivers of this deployment out of the JVM's list, which would keep them for ever: Calcite's register
     * themselves when their classes are loaded.
     */
    static void drivers() {
        ClassLoader own = Stopping.class.getClassLoader();
        if (own == ClassLoader.getSystemClassLoader()) {
            return; // on a flat class path the drivers belong to the program
        }
        for (Driver driver : DriverManager.drivers().toList()) {
            if (driver.getClass().getClassLoader() == own) {
                try {
                    DriverManager.deregisterDriver(driver);
                } catch (SQLException failed) {
                    warn("a driver stayed registered", failed);
                }
            }
        }
    }

    /**
     * Makes JDK 17 forget the record class that was compared last: the JDK's one method handle for it remembers the
     * types to which it was last adapted, and so the class loader. Methods of a record that String would be take the
     * place.
     */
    static void caches() {
        MethodHandle component = MethodHandles.identity(String.class);
        try {
            for (Map.Entry<String, MethodType> method : Map.of(
                            "equals", MethodType.methodType(boolean.class, String.class, Object.class),
                            "hashCode", MethodType.methodType(int.class, String.class),
                            "toString", MethodType.methodType(String.class, String.class))
                    .entrySet()) {
                ObjectMethods.bootstrap(
                        MethodHandles.lookup(), method.getKey(), method.getValue(), String.class, "it", component);
            }
        } catch (Throwable failed) {
            warn("the class loader may stay until another record is compared", failed);
        }
    }

    /**
     * Takes this deployment's context class loader from threads of others: what the JDK or the server's libraries
     * started on a thread of ours inherited it (the JDK's for child processes, JNA's in Payara), and Payara stops
     * resource adapters on a pooled thread that it lends the loader to.
     */
    static void contexts() {
        ClassLoader own = Stopping.class.getClassLoader();
        if (own == ClassLoader.getSystemClassLoader()) {
            return; // on a flat class path it is everybody's
        }
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getContextClassLoader() == own && thread.getClass().getClassLoader() != own) {
                thread.setContextClassLoader(own.getParent());
            }
        }
    }

    static void warn(String what, Throwable failed) {
        LOG.log(System.Logger.Level.WARNING, what, failed);
    }
}
