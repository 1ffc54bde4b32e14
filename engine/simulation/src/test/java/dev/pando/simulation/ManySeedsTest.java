package dev.pando.simulation;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.lang.annotation.Annotation;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;

/**
 * All that the build runs under ten seeds, under 5,000 ({@code -Dpando.seeds=}, from {@code -Dpando.seeds.from=}), a
 * thread for each processor. The test platform would keep an account of half a million tests.
 */
class ManySeedsTest {

    private static final List<Class<?>> CLASSES = List.of(
            SimulatedScenariosTest.class,
            SimulatedPassiveScenariosTest.class,
            TopologiesTest.class,
            HostilePeerTest.class,
            HostileRequestsTest.class,
            IncompleteSharesTest.class,
            BoundsTest.class,
            SlowWiresTest.class);

    private static final int SEEDS = 5_000;

    /** A test takes a second. */
    private static final Duration TEST_MAX = Duration.ofMinutes(5);

    /** Tests whose time is told in the end. */
    private static final int DEAREST = 20;

    /** After so many no other seed begins: they have one cause, or there is enough to do. */
    private static final int FAILURES_MAX = 20;

    /** A test of a class, to be run under a seed. */
    private record Case(Constructor<?> made, List<Method> before, Method method, List<Method> after, Field seed) {

        static Stream<Case> all(Class<?> of) {
            Field seed =
                    AnnotationSupport.findAnnotatedFields(of, Parameter.class).get(0);
            Constructor<?> constructor = of.getDeclaredConstructors()[0];
            var before = annotated(of, BeforeEach.class);
            var after = annotated(of, AfterEach.class);
            var tests = annotated(of, Test.class);
            Stream.of(List.of(seed, constructor), before, after, tests)
                    .flatMap(List::stream)
                    .forEach(member -> member.setAccessible(true));
            return tests.stream().map(test -> new Case(constructor, before, test, after, seed));
        }

        private static List<Method> annotated(Class<?> of, Class<? extends Annotation> with) {
            return AnnotationSupport.findAnnotatedMethods(of, with, HierarchyTraversalMode.TOP_DOWN);
        }

        void run(long under, Errors errors) throws Throwable {
            Object test = made.newInstance();
            seed.set(test, under);
            invoke(before, test);
            try {
                invoke(List.of(method), test);
                Simulation last = Simulation.current();
                if (last != null) {
                    errors.check(last);
                }
            } finally {
                invoke(after, test);
            }
        }

        private static void invoke(List<Method> methods, Object test) throws Throwable {
            for (Method each : methods) {
                try {
                    each.invoke(test);
                } catch (InvocationTargetException e) {
                    throw e.getTargetException();
                }
            }
        }

        @Override
        public String toString() {
            return made.getDeclaringClass().getSimpleName() + "." + method.getName();
        }
    }

    private final List<Case> cases = CLASSES.stream().flatMap(Case::all).toList();
    private final Map<Case, LongAdder> took = new ConcurrentHashMap<>();
    private final Map<String, Throwable> failures = new TreeMap<>();

    @Test
    @Tag("soak")
    void allHoldsUnderManySeeds() throws InterruptedException {
        Iterator<Long> seeds = Seeds.of(SEEDS).iterator();
        var threads = new ArrayList<Thread>();
        try (var errors = new Errors()) {
            for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
                var thread = new Thread(() -> runEach(seeds, errors), "seeds " + i);
                thread.start();
                threads.add(thread);
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
        tellDearest();
        failures.forEach((which, failure) -> {
            throw new AssertionError(failures.keySet() + " fail; the first: " + failure, failure);
        });
    }

    private void runEach(Iterator<Long> seeds, Errors errors) {
        for (Long seed = next(seeds); seed != null; seed = next(seeds)) {
            long under = seed;
            for (Case each : cases) {
                long began = System.nanoTime();
                try {
                    assertTimeoutPreemptively(TEST_MAX, () -> each.run(under, errors));
                } catch (RuntimeException | Error e) {
                    failed("seed " + under + " of " + each, e);
                }
                took.computeIfAbsent(each, c -> new LongAdder()).add(System.nanoTime() - began);
            }
        }
    }

    private void tellDearest() {
        took.entrySet().stream()
                .sorted(Comparator.comparing(entry -> -entry.getValue().sum()))
                .limit(DEAREST)
                .forEach(entry ->
                        System.out.printf("%.0f s: %s%n", entry.getValue().sum() / 1e9, entry.getKey()));
    }

    private @Nullable Long next(Iterator<Long> seeds) {
        synchronized (seeds) {
            return seeds.hasNext() && goesOn() ? seeds.next() : null;
        }
    }

    private boolean goesOn() {
        synchronized (failures) {
            return failures.size() < FAILURES_MAX;
        }
    }

    private void failed(String which, Throwable failure) {
        synchronized (failures) {
            System.out.println(which + " fails: " + failure);
            failures.put(which, failure);
        }
    }
}
