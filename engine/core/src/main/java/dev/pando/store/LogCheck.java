package dev.pando.store;

import dev.pando.Cancellation;
import dev.pando.PandoException;
import dev.pando.ipld.Block;
import dev.pando.ipld.DecodeException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads everything, and compares what is derived with what it is derived from. */
final class LogCheck {

    private final Segments segments;
    private final BlockIndex index;
    private final BlockReader reader;
    private final MapSet maps;
    private final Cancellation cancellation;
    private final List<String> problems = new ArrayList<>();
    private long transactions;
    private long blocks;
    private long bytes;

    LogCheck(Segments segments, BlockIndex index, BlockReader reader, MapSet maps, Cancellation cancellation) {
        this.segments = segments;
        this.index = index;
        this.reader = reader;
        this.maps = maps;
        this.cancellation = cancellation;
    }

    CheckReport run(LogEnd end) throws IOException {
        LogEnd from = segments.first().startEnd();
        while (from != null && problems.size() < CheckReport.PROBLEMS_MAX) {
            from = checkLog(from, end);
        }
        for (Map.Entry<String, DerivedMap> map : maps.all().entrySet()) {
            checkMap(map.getKey(), map.getValue());
        }
        return new CheckReport(transactions, blocks, bytes, problems);
    }

    /** Returns where to go on behind a damage: at the next segment. Null at the end. */
    private @Nullable LogEnd checkLog(LogEnd from, LogEnd end) throws IOException {
        TransactionReader log = new TransactionReader(segments, from, end.position());
        try {
            while (log.end().sequence() < end.sequence() && log.next()) {
                if (cancellation.isAsked()) {
                    break;
                }
                transactions++;
                List<Block> stored = new ArrayList<>();
                for (TransactionReader.Stored block : log.blocks()) {
                    stored.add(block.block());
                    checkIndex(block);
                }
                References.expand(stored, reader::require);
            }
        } catch (PandoException | DecodeException e) {
            problems.add(String.valueOf(e.getMessage()));
        }
        cancellation.check();
        TransactionReader.Damage damage = log.damage();
        if (damage != null) {
            problems.add(damage.toString());
        }
        if (log.end().sequence() >= end.sequence()) {
            return null;
        }
        int next = LogPosition.segment(damage == null ? log.end().position() : damage.position()) + 1;
        return next > LogPosition.segment(end.position())
                ? null
                : segments.get(next).startEnd();
    }

    private void checkIndex(TransactionReader.Stored stored) {
        Block block = stored.block();
        blocks++;
        bytes += block.bytes().length;
        if (!BlockIndex.isIndexed(block.cid())) {
            return;
        }
        BlockIndex.Place place = index.find(block.cid());
        if (place == null || place.position() != stored.position() || place.length() != block.bytes().length) {
            problems.add(LogPosition.describe(stored.position()) + ", block " + block.cid() + ": the index has "
                    + (place == null ? "nothing" : LogPosition.describe(place.position())));
        }
    }

    private void checkMap(String name, DerivedMap map) {
        try (PageCursor pages = map.pages()) {
            while (!cancellation.isAsked() && !pages.next().isEmpty()) {
                continue;
            }
        } catch (PandoException e) {
            problems.add("map " + name + ": " + e.getMessage());
        }
        cancellation.check();
    }
}
