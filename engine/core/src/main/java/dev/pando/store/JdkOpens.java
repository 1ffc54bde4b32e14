package dev.pando.store;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.util.List;

/**
 * Opens the packages of the JDK that Chronicle Map needs, so that a user need not give the JVM any flag. Does nothing
 * where flags have opened them, or with {@code -Dpando.opens=false}; then the maps are in memory if flags are missing.
 */
final class JdkOpens {

    private static final Logger LOG = System.getLogger(JdkOpens.class.getName());

    private static final List<String> PACKAGES =
            List.of("java.lang", "java.lang.reflect", "sun.nio.ch", "jdk.internal.ref");

    private JdkOpens() {}

    static void open() {
        Module base = Object.class.getModule();
        Module here = JdkOpens.class.getModule();
        List<String> closed =
                PACKAGES.stream().filter(name -> !base.isOpen(name, here)).toList();
        if (closed.isEmpty() || "false".equals(System.getProperty("pando.opens"))) {
            return;
        }
        try {
            MethodHandle open = trustedLookup()
                    .findVirtual(
                            Module.class, "implAddOpensToAllUnnamed", MethodType.methodType(void.class, String.class));
            for (String name : closed) {
                open.invoke(base, name);
            }
        } catch (Throwable e) {
            LOG.log(Level.DEBUG, "cannot open {0}", closed, e);
        }
    }

    @SuppressWarnings("removal") // Not before there is another way.
    private static MethodHandles.Lookup trustedLookup() throws ReflectiveOperationException {
        Field unsafeField = sun.misc.Unsafe.class.getDeclaredField("theUnsafe");
        unsafeField.setAccessible(true);
        sun.misc.Unsafe unsafe = (sun.misc.Unsafe) unsafeField.get(null);
        Field lookup = MethodHandles.Lookup.class.getDeclaredField("IMPL_LOOKUP");
        return (MethodHandles.Lookup)
                unsafe.getObject(unsafe.staticFieldBase(lookup), unsafe.staticFieldOffset(lookup));
    }
}
