package dev.pando.store;

import dev.pando.Cancellation;
import dev.pando.PandoException;
import dev.pando.PandoException.Kind;
import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DecodeException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * One database on one disk: an append-only log of blocks in CARv1 segments, which is the truth, and maps and indexes
 * derived from it.
 *
 * <p>Life: {@link #open}, {@link #recover} once, then any of the others, {@link #close}. One thread at a time appends,
 * forces and writes the maps; any thread reads. A failed write or force ends writing for good: every later one throws,
 * and only opening the store again shows what the disk has kept.
 */
public final class Store implements AutoCloseable {

    /** Larger blocks are refused. */
    public static final int BLOCK_BYTES_MAX = 1 << 20;

    private static final Logger LOG = System.getLogger(Store.class.getName());
    private static final String LOCK = "LOCK";

    private final Disk disk;
    private final StoreOptions options;
    private final StoreEnvironment environment;
    private final Disk.DiskLock lock;
    private final Segments segments;
    private final MapSet maps;
    private final BlockIndex index;
    private final BlockReader reader;
    private final SequenceIndex sequences;

    /** Guards the writer against a checkpoint or backup that another thread makes. */
    private final ReentrantLock writing = new ReentrantLock();

    /** Held by whoever walks over the maps as a whole, so that they are not closed under it. Taken before the other. */
    private final ReentrantLock walking = new ReentrantLock();

    /** Held while compaction changes places of blocks, against those who go by them. Taken after the others. */
    private final ReentrantReadWriteLock places = new ReentrantReadWriteLock();

    /** Blocks that transactions referred to since a compaction began; null while there is none. */
    private volatile @Nullable Set<Cid> referred;

    private @Nullable LogWriter writer;
    private volatile long checkpointedBytes;
    private volatile boolean closed;

    /** Where the log ended when it was opened. */
    private volatile long recoveredSequence;

    private Store(Disk disk, StoreOptions options, StoreEnvironment environment, Disk.DiskLock lock, MapSet maps) {
        this.disk = disk;
        this.options = options;
        this.environment = environment;
        this.lock = lock;
        this.segments = new Segments(disk);
        this.maps = maps;
        this.index = new BlockIndex(maps.map(BlockIndex.MAP), disk.path().isPresent());
        this.reader = new BlockReader(segments, index, places.readLock());
        this.sequences = new SequenceIndex(segments);
    }

    /**
     * Takes the lock and looks at what is there; makes a new log where there is none. {@link #recover} comes next.
     *
     * @throws PandoException DIRECTORY_IN_USE, IO_ERROR, DISK_FULL, or CORRUPT naming the file and the place
     */
    public static Store open(Disk disk, StoreOptions options, StoreEnvironment environment) {
        Disk.DiskLock lock;
        try {
            lock = disk.lock(LOCK);
        } catch (IOException e) {
            throw StoreErrors.io("locking the directory", e);
        }
        Store store;
        try {
            store = new Store(disk, options, environment, lock, newMaps(disk, options, environment));
        } catch (RuntimeException | Error e) {
            release(lock, e);
            throw e;
        }
        try {
            store.openLog();
            return store;
        } catch (IOException e) {
            throw store.abandon(StoreErrors.io("opening the log", e));
        } catch (RuntimeException e) {
            throw store.abandon(e);
        } catch (Error e) {
            store.abandon(new IllegalStateException("opening the log failed", e));
            throw e;
        }
    }

    /** Lets another process have the directory of which nothing was opened. */
    private static void release(Disk.DiskLock lock, Throwable cause) {
        try {
            lock.close();
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    private static MapSet newMaps(Disk disk, StoreOptions options, StoreEnvironment environment) {
        Path root = disk.path().orElse(null);
        return root != null && options.persistentMaps() ? new MappedMaps(disk, root, environment) : new MemoryMaps();
    }

    private void openLog() throws IOException {
        for (String name : disk.list("")) {
            if (name.endsWith(Segments.ASIDE)) {
                disk.delete(name);
            }
        }
        if (disk.exists(Backup.INCOMPLETE)) {
            throw StoreErrors.corrupt("this is an unfinished backup: " + Backup.INCOMPLETE + " is there");
        }
        segments.openAll();
        if (segments.isEmpty()) {
            for (String name : List.of(EndFile.CLEAN, EndFile.OPENED, EndFile.BACKUP, Checkpoint.NAME)) {
                if (disk.exists(name)) {
                    throw StoreErrors.corrupt(Segments.name(1) + " is missing, " + name + " is there");
                }
            }
            segments.add(new SegmentHeader(new LogId(random(LogId.BYTES)), random(Marker.TAG_BYTES), null, 1, 1));
        }
    }

    private byte[] random(int bytes) {
        byte[] random = new byte[bytes];
        environment.randomBytes(random);
        return random;
    }

    /**
     * Brings maps and log to one state. After a clean close there is nothing to do. Otherwise the maps are filled from
     * the last checkpoint, and each transaction since is handed to {@code replayer}; what a crash tore is cut off.
     *
     * @throws PandoException CORRUPT, naming segment, offset and block, when a transaction that was durable is damaged
     */
    public void recover(Replayer replayer) {
        if (writer != null) {
            throw new IllegalStateException("a store recovers once");
        }
        try {
            LogOpening opening = new LogOpening(disk, segments, maps, index, reader);
            LogEnd end = opening.recover(replayer);
            LogWriter log = new LogWriter(
                    segments, options, environment, index, disk.path().isPresent(), end);
            if (opening.isBackup()) {
                log.roll(new LogId(random(LogId.BYTES)));
            }
            opening.end();
            LogEnd checkpoint = Checkpoint.start(disk, id());
            checkpointedBytes = checkpoint == null ? 0 : segments.bytesUpTo(checkpoint.position());
            recoveredSequence = end.sequence();
            writer = log;
        } catch (IOException e) {
            throw abandon(StoreErrors.io("recovering the log", e));
        } catch (DecodeException e) {
            throw abandon(StoreErrors.corrupt("the log is damaged: " + e.getMessage(), e));
        } catch (RuntimeException e) {
            throw abandon(e);
        }
    }

    /** Closes files and lock of a store that never came to be. */
    private RuntimeException abandon(RuntimeException cause) {
        closed = true;
        index.close();
        try (lock;
                segments) {
            maps.discard();
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
        return cause;
    }

    public LogId id() {
        return segments.last().header().log();
    }

    /** The last transaction that came with the backup from which this log was restored; 0 when there was none. */
    public long restoredUpTo() {
        LogId present = id();
        int number = segments.count();
        while (number > 1 && segments.get(number - 1).header().log().equals(present)) {
            number--;
        }
        return segments.get(number).header().first() - 1;
    }

    /** The sequence of the last transaction appended; 0 in a new log. */
    public long lastSequence() {
        return writer().appended().sequence();
    }

    /** The sequence of the last transaction that is certain to be on disk. Any thread. */
    public long durableSequence() {
        return writer().durable().sequence();
    }

    /**
     * Appends a transaction, to be durable after the next {@link #force}. Blocks that the log holds are not written
     * again, but belong to the transaction all the same. Writer only.
     *
     * @return its sequence: one more than that of the one before
     * @throws PandoException IO_ERROR or DISK_FULL; nothing more can be written then, unless {@link #isWritable} says so:
     *     then the log is again what it was after the last force, and so is {@link #lastSequence}
     * @throws IllegalArgumentException for a block of a foreign codec, or too large, or no block at all; nothing is
     *     written then
     */
    public long append(LogTransaction transaction) {
        checkBlocks(transaction.blocks());
        writing.lock();
        try {
            LogWriter log = writer();
            long sequence = log.append(References.compact(transaction, this::isKnown));
            sequences.add(log.appended());
            return sequence;
        } catch (PandoException e) {
            sequences.forgetAfter(writer().appended().sequence());
            throw e;
        } finally {
            writing.unlock();
        }
    }

    private boolean isKnown(Cid cid) {
        boolean known = index.contains(cid);
        Set<Cid> noted = referred;
        if (known && noted != null) {
            noted.add(cid);
        }
        return known;
    }

    private static void checkBlocks(List<Block> blocks) {
        if (blocks.isEmpty()) {
            throw new IllegalArgumentException("a transaction without blocks");
        }
        long bytes = 0;
        for (Block block : blocks) {
            long codec = block.cid().codec();
            if (codec != Codecs.LOCAL_RECORD && !BlockIndex.isIndexed(block.cid())) {
                throw new IllegalArgumentException("a block of codec 0x" + Long.toHexString(codec) + ": " + block);
            }
            if (block.bytes().length > BLOCK_BYTES_MAX) {
                throw new IllegalArgumentException("a block has at most " + BLOCK_BYTES_MAX + " bytes: " + block);
            }
            bytes += block.bytes().length;
        }
        if (bytes > LogTransaction.BYTES_MAX) {
            throw new IllegalArgumentException(
                    "a transaction has at most " + LogTransaction.BYTES_MAX + " bytes, got " + bytes);
        }
    }

    /**
     * Returns when all that was appended is durable. Writer only.
     *
     * @throws PandoException IO_ERROR or DISK_FULL: what was appended since the last force may be lost or not, and
     *     nothing more can be written; or it is lost for certain, when {@link #isWritable} as with {@link #append}
     */
    public void force() {
        force(true);
    }

    private void force(boolean mayTakeBack) {
        writing.lock();
        try {
            writer().force(mayTakeBack);
        } catch (PandoException e) {
            sequences.forgetAfter(writer().appended().sequence());
            throw e;
        } finally {
            writing.unlock();
        }
    }

    /** Whether no failure has ended writing. Any thread. */
    public boolean isWritable() {
        return writer().failure() == null;
    }

    /** Ends writing: what is in the maps is not what the log says. The next open makes them anew. */
    public void giveUp(PandoException reason) {
        LogWriter log = writer;
        if (log != null) {
            log.giveUp(reason);
        }
    }

    /**
     * The content of a replicated block, null when it is not here. Any thread. It may not be durable yet: whoever
     * promises it to others waits until {@link #durableSequence} reaches the {@link #lastSequence} of now.
     *
     * @throws PandoException CORRUPT, naming the place, when the stored bytes do not have their hash
     */
    public byte @Nullable [] get(Cid cid) {
        checkOpen();
        Block block = reader.find(cid);
        return block == null ? null : block.bytes();
    }

    /** Whether {@link #get} would find the block. Any thread. */
    public boolean contains(Cid cid) {
        checkOpen();
        return index.contains(cid);
    }

    /** Where the durable log ends now, for {@link #contains(Cid, long)}. Any thread. */
    public long durableEnd() {
        return writer().durable().position();
    }

    /** Whether the block was first appended before {@code end}, a {@link #durableEnd}. Any thread. */
    public boolean contains(Cid cid, long end) {
        checkOpen();
        BlockIndex.Place place = index.find(cid);
        return place != null && place.position() < end;
    }

    /**
     * Shows durable transactions in order, from {@code fromSequence} on. Any thread; the writer goes on meanwhile.
     *
     * @throws PandoException CORRUPT, naming the place
     */
    public void scan(long fromSequence, LogVisitor visitor) {
        if (fromSequence <= writer().durable().sequence()) {
            new LogScan(
                            segments,
                            sequences,
                            reader,
                            places.readLock(),
                            () -> writer().durable(),
                            Math.max(1, fromSequence))
                    .run(visitor);
        }
    }

    static PandoException damaged(TransactionReader transactions) {
        TransactionReader.Damage damage = transactions.damage();
        return damage == null
                ? StoreErrors.corrupt("the log ends at "
                        + LogPosition.describe(transactions.end().position()))
                : LogRecovery.damaged(damage);
    }

    /**
     * The sequences of the durable transactions in which these blocks were first appended, ascending; blocks that are
     * not here, or not durable yet, have none. Any thread. Reads the log about the places of the blocks.
     *
     * @throws PandoException CORRUPT, naming the place
     */
    public List<Long> sequencesOf(Collection<Cid> cids) {
        checkOpen();
        places.readLock().lock();
        try {
            LogEnd end = writer().durable();
            long[] positions = cids.stream()
                    .map(index::find)
                    .filter(Objects::nonNull)
                    .mapToLong(BlockIndex.Place::position)
                    .filter(position -> position < end.position())
                    .sorted()
                    .toArray();
            return new SequenceSearch(segments, sequences, end.position()).of(positions);
        } catch (IOException e) {
            throw StoreErrors.io("reading the log", e);
        } catch (DecodeException e) {
            throw StoreErrors.corrupt("the log is damaged: " + e.getMessage(), e);
        } finally {
            places.readLock().unlock();
        }
    }

    /** A map by its name, made empty when there is none. */
    public DerivedMap map(String name) {
        checkOpen();
        if (name.equals(BlockIndex.MAP)) {
            throw new IllegalArgumentException("the map '" + name + "' is the store's own");
        }
        return maps.map(name);
    }

    /** A new index in memory. */
    public OrderedIndex newOrderedIndex() {
        return new PagedIndex();
    }

    /**
     * Keeps an index in a file, for {@link #readIndex} after the next start. Writer only, after the last append; worth
     * nothing unless a clean close follows.
     */
    public void keepIndex(String name, OrderedIndex index) {
        String directory = maps.indexDirectory();
        if (directory == null) {
            return;
        }
        try {
            KeptIndex.write(disk, indexFile(directory, name), id(), lastSequence(), index);
        } catch (IOException e) {
            throw StoreErrors.io("keeping index " + name, e);
        }
    }

    /** Whether what {@link #keepIndex} left is of this end of the log. */
    public boolean isIndexKept(String name) {
        String directory = maps.indexDirectory();
        try {
            return directory != null && KeptIndex.fits(disk, indexFile(directory, name), id(), lastSequence());
        } catch (IOException e) {
            throw StoreErrors.io("looking for index " + name, e);
        }
    }

    /**
     * Fills an index with what was kept of it when this store was last closed; false when there is no such file, or it is
     * damaged. Any thread.
     */
    public boolean readIndex(String name, OrderedIndex.Filler target) {
        String directory = maps.indexDirectory();
        if (directory == null) {
            return false;
        }
        try {
            return KeptIndex.read(disk, indexFile(directory, name), id(), recoveredSequence, target);
        } catch (IOException | DecodeException | IllegalArgumentException e) {
            LOG.log(Level.WARNING, "index {0} is made anew from the rows: {1}", name, e.getMessage());
            forgetIndex(indexFile(directory, name));
            return false;
        }
    }

    private void forgetIndex(String file) {
        try {
            disk.delete(file);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "{0} cannot be deleted: {1}", file, e.getMessage());
        }
    }

    private static String indexFile(String directory, String name) {
        return directory + "/" + name + KeptIndex.SUFFIX;
    }

    /** Files of other indexes, or of another time, are of no use. */
    private void deleteOldIndexes(LogWriter log) throws IOException {
        String directory = maps.indexDirectory();
        if (directory == null) {
            return;
        }
        for (String file : disk.list(directory)) {
            String path = directory + "/" + file;
            if (file.endsWith(KeptIndex.SUFFIX)
                    && !KeptIndex.fits(disk, path, log.id(), log.durable().sequence())) {
                disk.delete(path);
            }
        }
    }

    /**
     * Begins a checkpoint here. Writer only, when all that was appended is applied to the maps.
     *
     * @return what makes it: may be run by another thread while the writer goes on. It throws PandoException IO_ERROR
     *     or DISK_FULL; the last checkpoint is in place still then
     */
    public Runnable beginCheckpoint() {
        int replaced = segments.replaced();
        LogEnd from = writer().appended();
        return () -> makeCheckpoint(from, replaced);
    }

    /** Makes a checkpoint. Writer only, when all that was appended is applied to the maps. */
    public void checkpoint() {
        beginCheckpoint().run();
    }

    /** @param replaced what {@link Segments#replaced} was before {@code begun} was looked at */
    private void makeCheckpoint(LogEnd begun, int replaced) {
        walking.lock();
        try {
            if (durableSequence() < begun.sequence()) {
                /* Blocks have their places in the index from when they are in their file. */
                force(false);
            }
            LogEnd from = replaced == segments.replaced() ? begun : present(begun);
            int takenBack = writer().takenBack();
            index.settle();
            Checkpoint.write(disk, id(), from, maps.all());
            /* The maps may hold what was appended meanwhile: a checkpoint must not know more than the log. */
            force(false);
            if (takenBack != writer().takenBack()) {
                throw new PandoException(
                        Kind.DISK_FULL,
                        "the disk was full while the checkpoint was made: it may hold what the log lost");
            }
            Checkpoint.publish(disk);
            checkpointedBytes = segments.bytesUpTo(from.position());
        } catch (IOException e) {
            throw StoreErrors.io("writing the checkpoint", e);
        } finally {
            walking.unlock();
        }
    }

    /** The same end in the file as it is now: compaction has replaced one since that was looked at. */
    private LogEnd present(LogEnd end) throws IOException {
        var log = new TransactionReader(
                segments,
                sequences.before(end.sequence() + 1),
                writer().durable().position());
        while (log.end().sequence() < end.sequence()) {
            if (!log.skip()) {
                throw damaged(log);
            }
        }
        return log.end();
    }

    /**
     * Reads the whole durable log and all maps, and compares the block index with the log. Any thread; the writer goes
     * on.
     */
    public CheckReport check() {
        return check(new Cancellation());
    }

    /** The same; ends with {@code CANCELLED} when it is cancelled. */
    public CheckReport check(Cancellation cancellation) {
        walking.lock();
        try {
            index.settle();
            return new LogCheck(segments, index, reader, maps, cancellation).run(writer().durable());
        } catch (IOException e) {
            throw StoreErrors.io("checking the log", e);
        } finally {
            walking.unlock();
        }
    }

    /**
     * Copies the log, up to what is durable now, to an empty disk, and checks the copy. Any thread; the writer goes on.
     * A store opened on the copy has the same transactions, and a new {@link #id}.
     *
     * @throws PandoException INVALID_ARGUMENT when the disk is not empty; IO_ERROR, DISK_FULL; CORRUPT, naming the place,
     *     when the log is damaged
     */
    public void backup(Disk target) {
        backup(target, new Cancellation());
    }

    /** The same; ends with {@code CANCELLED}, and the disk empty, when it is cancelled. */
    public void backup(Disk target, Cancellation cancellation) {
        walking.lock();
        try {
            LogEnd end = writer().durable();
            new Backup(segments, target, cancellation).run(id(), end);
        } catch (IOException e) {
            throw StoreErrors.io("writing the backup", e);
        } finally {
            walking.unlock();
        }
    }

    /**
     * Writes segments anew without the blocks that {@code retention} says are unused, where that saves a sixteenth of a
     * segment or more. Sequences and log id stay. Blocks that a used transaction refers to stay. The last segment is ended
     * when it is among these. Takes the checkpoint away: one should be made afterwards. Any thread; readers and the writer go on.
     *
     * @throws PandoException DISK_FULL or IO_ERROR, CORRUPT, naming the place; the log is whole then, and when
     *     {@link #isWritable} says no, it must be opened again
     */
    public CompactionReport compact(Retention retention) {
        walking.lock();
        try {
            Set<Cid> noted = ConcurrentHashMap.newKeySet();
            LogEnd end = noteReferences(noted);
            index.settle();
            var compaction = new Compaction(
                    disk,
                    segments,
                    index,
                    reader,
                    sequences,
                    writing,
                    places.writeLock(),
                    retention,
                    noted,
                    this::giveUp);
            return compaction.run(end, this::seal, () -> checkpointedBytes = 0);
        } catch (IOException e) {
            throw StoreErrors.io("compacting the log", e);
        } catch (DecodeException e) {
            throw StoreErrors.corrupt("the log is damaged: " + e.getMessage(), e);
        } finally {
            referred = null;
            walking.unlock();
        }
    }

    private void seal() {
        writing.lock();
        try {
            writer().seal();
        } finally {
            writing.unlock();
        }
    }

    /** Whatever refers to a block is before the returned end, or will be in {@code noted}. */
    private LogEnd noteReferences(Set<Cid> noted) {
        writing.lock();
        try {
            referred = noted;
            force(false);
            return writer().durable();
        } finally {
            writing.unlock();
        }
    }

    public StoreInfo info() {
        LogEnd end = writer().durable();
        try {
            long bytes = segments.bytesUpTo(end.position());
            return new StoreInfo(
                    id(), end.sequence(), segments.count(), bytes, bytes - checkpointedBytes, maps.description());
        } catch (IOException e) {
            throw StoreErrors.io("looking at the log", e);
        }
    }

    /** Forces and closes. The next open has nothing to do, unless writing had failed. Does nothing the second time. */
    @Override
    public void close() {
        walking.lock();
        writing.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            LogWriter log = writer;
            try (lock;
                    segments) {
                /* The maps are not touched after this. */
                boolean indexed = log == null || finishOrEnd(log);
                if (log == null || log.failure() != null || maps.isDamaged() || !indexed) {
                    maps.end();
                    return;
                }
                closeCleanlyOrEnd(log);
            } catch (IOException e) {
                throw StoreErrors.io("closing the store", e);
            }
        } finally {
            writing.unlock();
            walking.unlock();
        }
    }

    /** As {@link #finish}; when that fails nothing holds the maps' files any more. */
    private boolean finishOrEnd(LogWriter log) {
        try {
            return finish(log);
        } catch (RuntimeException | Error e) {
            try {
                maps.end();
            } catch (IOException | RuntimeException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    /** Whether all is forced and in the maps. */
    private boolean finish(LogWriter log) {
        try {
            if (log.failure() == null) {
                log.finish();
            }
        } catch (RuntimeException e) {
            index.close();
            throw e;
        }
        return index.close();
    }

    /** As {@link #closeCleanly}; when that fails nothing holds the maps' files any more. */
    private void closeCleanlyOrEnd(LogWriter log) throws IOException {
        try {
            closeCleanly(log);
        } catch (IOException | RuntimeException e) {
            try {
                maps.end();
            } catch (IOException | RuntimeException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    private void closeCleanly(LogWriter log) throws IOException {
        deleteOldIndexes(log);
        Map<String, String> files = maps.close();
        new EndFile(log.id(), log.durable(), files).write(disk, EndFile.CLEAN);
        LOG.log(Level.DEBUG, "closed at {0}", log.durable());
    }

    private LogWriter writer() {
        LogWriter log = writer;
        if (closed) {
            throw new PandoException(Kind.CLOSED, "the store is closed");
        }
        if (log == null) {
            throw new IllegalStateException("recover comes first");
        }
        return log;
    }

    private void checkOpen() {
        if (closed) {
            throw new PandoException(Kind.CLOSED, "the store is closed");
        }
    }
}
