package dev.pando.store;

import dev.pando.ipld.DecodeException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Maps in files under {@code derived/}, by Chronicle Map: fast and small, but neither crash-safe nor checked. So the
 * files are believed only after a clean close; else they are deleted and made anew.
 */
final class ChronicleMaps implements MapSet {

    private static final Logger LOG = System.getLogger(ChronicleMaps.class.getName());
    private static final String DIRECTORY = "derived";

    private final Disk disk;
    private final Path directory;
    private final StoreEnvironment environment;
    private final Map<String, GrowingMap> maps = new ConcurrentHashMap<>();
    private volatile boolean damaged;

    private ChronicleMaps(Disk disk, Path directory, StoreEnvironment environment) {
        this.disk = disk;
        this.directory = directory;
        this.environment = environment;
    }

    /** Null where this JVM refuses what Chronicle Map needs. */
    static @Nullable ChronicleMaps open(Disk disk, Path root, StoreEnvironment environment) {
        JdkOpens.open();
        setDefault("chronicle.analytics.disable", "true");
        setDefault("chronicle.announcer.disable", "true");
        /* Resources are released where they are closed: its thread would outlive the last engine. */
        setDefault("background.releaser", "false");
        try {
            ChronicleTable.load();
        } catch (LinkageError | RuntimeException e) {
            LOG.log(
                    Level.WARNING,
                    "Chronicle Map cannot start in this JVM, maps are kept in memory: {0}",
                    e.toString());
            return null;
        }
        return new ChronicleMaps(disk, root.resolve(DIRECTORY), environment);
    }

    private static void setDefault(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    @Override
    public DerivedMap map(String name) {
        return growing(name);
    }

    private GrowingMap growing(String name) {
        return maps.computeIfAbsent(name, added -> new GrowingMap(added, this, environment));
    }

    @Override
    public void expect(String name, long entries) {
        growing(name).expect(entries);
    }

    @Override
    public void load(String name, byte[] key, byte[] value) {
        growing(name).load(key, value);
    }

    @Override
    public Map<String, DerivedMap> all() {
        return Map.copyOf(maps);
    }

    /** An empty file for a table. */
    Path file(String name) throws IOException {
        disk.delete(DIRECTORY + "/" + name);
        disk.open(DIRECTORY + "/" + name, true).close();
        return directory.resolve(name);
    }

    void delete(String name) throws IOException {
        disk.delete(DIRECTORY + "/" + name);
    }

    void setDamaged() {
        damaged = true;
    }

    @Override
    public boolean isDamaged() {
        return damaged;
    }

    @Override
    public boolean reopen(Map<String, String> files) {
        if (files.isEmpty()) {
            return false;
        }
        try {
            for (Map.Entry<String, String> file : files.entrySet()) {
                MapFile described = MapFile.parse(file.getValue());
                if (!described.isIntact(disk, DIRECTORY)) {
                    LOG.log(Level.WARNING, "{0} is not as it was closed: the maps are made anew", described.name());
                    return false;
                }
                growing(file.getKey()).reopen(described, directory.resolve(described.name()));
            }
            return true;
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.WARNING, "cannot use the maps, they are made anew: {0}", e.toString());
            return false;
        }
    }

    @Override
    public void discard() throws IOException {
        for (GrowingMap map : maps.values()) {
            map.discard();
        }
        for (String name : disk.list(DIRECTORY)) {
            disk.delete(DIRECTORY + "/" + name);
        }
    }

    @Override
    public String indexDirectory() {
        return DIRECTORY;
    }

    @Override
    public Map<String, String> close() throws IOException {
        Map<String, String> files = new TreeMap<>();
        List<String> kept = new ArrayList<>();
        for (Map.Entry<String, GrowingMap> map : maps.entrySet()) {
            MapFile file = map.getValue().close(disk, DIRECTORY);
            files.put(map.getKey(), file.toString());
            kept.add(file.name());
        }
        for (String name : disk.list(DIRECTORY)) {
            if (!kept.contains(name) && !name.endsWith(KeptIndex.SUFFIX)) {
                disk.delete(DIRECTORY + "/" + name);
            }
        }
        disk.syncDirectory(DIRECTORY);
        return files;
    }

    @Override
    public String description() {
        return "chronicle";
    }

    /** Never called with a value from outside. */
    static DecodeException malformed(String text) {
        return new DecodeException("no description of a map file: '" + text + "'");
    }
}
