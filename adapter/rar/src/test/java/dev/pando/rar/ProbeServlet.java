package dev.pando.rar;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * An application of its own, which does not see the resource adapter: tells which threads, shutdown hooks and MBeans of
 * this server come from a class loader of the resource adapter, a line each.
 */
@WebServlet("/left")
public class ProbeServlet extends HttpServlet {

    /** Key among the system properties of a list of weak references to the class loaders of each deployment. */
    static final String LOADERS = "pando.test.loaders";

    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            for (WeakReference<ClassLoader> loader : loaders()) {
                for (String left : left(loader.get())) {
                    response.getWriter().println(left);
                }
            }
        } catch (ReflectiveOperationException | JMException failed) {
            throw new IOException(failed);
        }
    }

    @SuppressWarnings("unchecked")
    private static List<WeakReference<ClassLoader>> loaders() {
        List<WeakReference<ClassLoader>> loaders =
                (List<WeakReference<ClassLoader>>) System.getProperties().get(LOADERS);
        if (loaders == null) {
            throw new IllegalStateException("no connection of the resource adapter was used");
        }
        return loaders;
    }

    private static List<String> left(ClassLoader loader) throws ReflectiveOperationException, JMException {
        var left = new ArrayList<String>();
        if (loader == null) {
            return left;
        }
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (ofThread(thread, loader)) {
                left.add("thread " + thread.getName() + " " + Arrays.toString(thread.getStackTrace()));
            }
        }
        for (Thread hook : shutdownHooks()) {
            if (ofThread(hook, loader)) {
                left.add("shutdown hook " + hook.getName());
            }
        }
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        for (ObjectName name : beans.queryNames(null, null)) {
            if (beans.isRegistered(name) && beans.getClassLoaderFor(name) == loader) {
                left.add("MBean " + name);
            }
        }
        return left;
    }

    private static boolean ofThread(Thread thread, ClassLoader loader) throws ReflectiveOperationException {
        if (thread.getClass().getClassLoader() == loader || thread.getContextClassLoader() == loader) {
            return true;
        }
        Object target = field(Thread.class, "target").get(thread);
        return target != null && target.getClass().getClassLoader() == loader;
    }

    @SuppressWarnings("unchecked")
    private static Iterable<Thread> shutdownHooks() throws ReflectiveOperationException {
        Class<?> hooks = Class.forName("java.lang.ApplicationShutdownHooks");
        return List.copyOf(((Map<Thread, Thread>) field(hooks, "hooks").get(null)).keySet());
    }

    /* Both servers open java.lang. */
    private static Field field(Class<?> type, String name) throws ReflectiveOperationException {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }
}
