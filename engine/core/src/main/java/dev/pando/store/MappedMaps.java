package dev.pando.store;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Maps in files under {@code derived/}, mapped into memory. They are written as memory is, in no order that a crash would
 * respect: the files are believed only after a clean close; else they are deleted and made anew.
 */
final class MappedMaps implements MapSet {

    static final String DIRECTORY = "derived";

    private static final Logger LOG = System.getLogger(MappedMaps.class.getName());

    private final Disk disk;
    private final Path root;
    private final StoreEnvironment environment;
    private final Map<String, MappedMap> maps = new ConcurrentHashMap<>();
    private volatile boolean damaged;

    /** @param root where the files of {@code disk} are */
    MappedMaps(Disk disk, Path root, StoreEnvironment environment) {
        this.disk = disk;
        this.root = root;
        this.environment = environment;
    }

    @Override
    public DerivedMap map(String name) {
        return mapped(name);
    }

    private MappedMap mapped(String name) {
        return maps.computeIfAbsent(name, added -> new MappedMap(added, disk, root, environment, () -> damaged = true));
    }

    @Override
    public void load(String name, List<PageCursor.Entry> entries) {
        mapped(name).load(entries);
    }

    @Override
    public Map<String, DerivedMap> all() {
        return Map.copyOf(maps);
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
                if (!mapped(file.getKey()).reopen(described)) {
                    LOG.log(Level.WARNING, "{0} is not as it was closed: the maps are made anew", described.name());
                    return false;
                }
            }
            return true;
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.WARNING, "cannot use the maps, they are made anew: {0}", e.toString());
            return false;
        }
    }

    @Override
    public void discard() throws IOException {
        for (MappedMap map : maps.values()) {
            map.discard();
        }
        deleteAll();
    }

    @Override
    public void end() throws IOException {
        for (MappedMap map : maps.values()) {
            map.end();
        }
        deleteAll();
    }

    private void deleteAll() throws IOException {
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
        List<MapFile> kept = new ArrayList<>();
        for (Map.Entry<String, MappedMap> map : maps.entrySet()) {
            MapFile file = map.getValue().close();
            files.put(map.getKey(), file.toString());
            kept.add(file);
        }
        for (String name : disk.list(DIRECTORY)) {
            if (!name.endsWith(KeptIndex.SUFFIX) && kept.stream().noneMatch(file -> MappedMap.isOf(file, name))) {
                disk.delete(DIRECTORY + "/" + name);
            }
        }
        disk.syncDirectory(DIRECTORY);
        return files;
    }

    @Override
    public String description() {
        return "mapped";
    }
}
