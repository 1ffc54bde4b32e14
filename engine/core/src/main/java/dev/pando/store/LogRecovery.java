package dev.pando.store;

import dev.pando.PandoException;
import dev.pando.ipld.Block;
import dev.pando.ipld.DecodeException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Brings a log that was not closed, or whose maps are gone, back to its last good transaction. */
final class LogRecovery {

    private static final Logger LOG = System.getLogger(LogRecovery.class.getName());

    private static final int COPY_BYTES = 128 << 10;

    private final Disk disk;
    private final Segments segments;
    private final MapSet maps;
    private final BlockIndex index;
    private final BlockReader reader;

    LogRecovery(Disk disk, Segments segments, MapSet maps, BlockIndex index, BlockReader reader) {
        this.disk = disk;
        this.segments = segments;
        this.maps = maps;
        this.index = index;
        this.reader = reader;
    }

    /**
     * Makes the maps anew from checkpoint and log, and cuts off what a crash tore.
     *
     * @param atLeast where the log ended once: it is never cut below; null when that is not known
     * @param exact whether it must end there
     * @return the end of the log
     */
    LogEnd rebuild(Replayer replayer, @Nullable LogEnd atLeast, boolean exact) throws IOException {
        LogEnd from = loadCheckpoint();
        replayer.begin(true);
        Segments.Segment last = segments.last();
        TransactionReader transactions = new TransactionReader(
                segments, from, LogPosition.of(last.number(), last.file().size()));
        ArrayDeque<LogEnd> unsure = new ArrayDeque<>(List.of(from));
        try (ReplayQueue queue =
                new ReplayQueue(() -> read(transactions, replayer), disk.path().isPresent())) {
            for (ReplayQueue.Read read = queue.next(); read != null; read = queue.next()) {
                while (unsure.getFirst().sequence() < read.durable()) {
                    unsure.removeFirst();
                }
                unsure.addLast(read.end());
                replay(replayer, read);
            }
        }
        LogEnd end = transactions.end();
        TransactionReader.Damage damage = transactions.damage();
        long floor = Math.max(from.position(), atLeast == null ? 0 : atLeast.position());
        if (end.position() < floor) {
            throw StoreErrors.corrupt("the log was durable up to " + LogPosition.describe(floor) + " but is damaged at "
                    + (damage == null ? LogPosition.describe(end.position()) + ": it ends there" : damage));
        }
        if (damage != null) {
            cut(end, damage, exact);
        }
        if (!exact) {
            writeAgain(unsure.getFirst(), end);
        }
        return end;
    }

    private void replay(Replayer replayer, ReplayQueue.Read read) {
        List<Block> blocks = References.expand(read.blocks(), reader::require);
        List<@Nullable Object> prepared = read.prepared();
        if (blocks != read.blocks()) {
            prepared = new ArrayList<>(blocks.size());
            for (Block block : blocks) {
                prepared.add(replayer.prepare(block));
            }
        }
        replayer.replay(read.end().sequence(), blocks, prepared);
    }

    private ReplayQueue.@Nullable Read read(TransactionReader transactions, Replayer replayer) throws IOException {
        if (!transactions.next()) {
            return null;
        }
        List<Block> blocks = new ArrayList<>(transactions.blocks().size());
        List<@Nullable Object> prepared = new ArrayList<>(transactions.blocks().size());
        for (TransactionReader.Stored stored : transactions.blocks()) {
            Block block = stored.block();
            blocks.add(block);
            /* References are the store's own: the replayer sees what they stand for. */
            prepared.add(block.cid().codec() == Codecs.REFERENCES ? null : replayer.prepare(block));
            if (BlockIndex.isIndexed(block.cid())) {
                index.put(block.cid(), stored.position(), block.bytes().length);
            }
        }
        return new ReplayQueue.Read(transactions.end(), transactions.durable(), blocks, prepared);
    }

    /**
     * What was read may be in the page cache only, left there by a force that failed, and then no force would make it
     * durable. So the transactions of which none after them says that they are durable are written once more.
     */
    private void writeAgain(LogEnd from, LogEnd end) throws IOException {
        Segments.Segment last = segments.last();
        if (LogPosition.segment(end.position()) != last.number()) {
            return;
        }
        long at = LogPosition.segment(from.position()) == last.number()
                ? LogPosition.offset(from.position())
                : last.start();
        long to = LogPosition.offset(end.position());
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(COPY_BYTES, to - at));
        while (at < to) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), to - at));
            int length = last.file().read(at, buffer);
            last.file().write(at, buffer.flip());
            at += length;
        }
        last.file().force();
    }

    private LogEnd loadCheckpoint() throws IOException {
        maps.discard();
        try {
            LogEnd from = Checkpoint.load(disk, segments.last().header().log(), maps, lanes());
            if (from != null) {
                return from;
            }
        } catch (DecodeException | IllegalArgumentException e) {
            LOG.log(Level.WARNING, "ignoring the checkpoint and reading the whole log: {0}", e.getMessage());
        }
        maps.discard();
        return segments.first().startEnd();
    }

    private Lanes lanes() {
        return disk.path().isPresent() ? Lanes.threads() : Lanes.here();
    }

    private void cut(LogEnd end, TransactionReader.Damage damage, boolean exact) throws IOException {
        Segments.Segment last = segments.last();
        boolean inLast = LogPosition.segment(damage.position()) == last.number();
        long offset = LogPosition.offset(end.position());
        if (!inLast || exact || !new TornTail(last.file(), last.header().tag(), offset, end.sequence() + 1).isTorn()) {
            throw damaged(damage);
        }
        long lost = last.file().size() - offset;
        LOG.log(Level.DEBUG, "cutting off {0} bytes that no finished transaction holds, from {1}", lost, end);
        last.file().truncate(offset);
        last.file().force();
    }

    static PandoException damaged(TransactionReader.Damage damage) {
        return StoreErrors.corrupt("the log is damaged at " + damage);
    }
}
