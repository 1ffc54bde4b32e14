package dev.pando.engine;

import dev.pando.ipld.Block;
import dev.pando.store.LogTransaction;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes of local records, all or none. */
final class RecordChange extends Change<Long> {

    /**
     * @param value null removes
     * @param stamped whether the value is, instead, the commit sequence that the record is written with
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Put(String kind, String key, byte @Nullable [] value, boolean stamped) {
        Put(String kind, String key, byte @Nullable [] value) {
            this(kind, key, value, false);
        }

        private byte @Nullable [] value(long sequence) {
            return stamped ? ByteBuffer.allocate(Long.BYTES).putLong(sequence).array() : value;
        }
    }

    /** Records of one transaction at most: their numbers must not run into the next transaction's. */
    static final int RECORDS_MAX = 1 << 16;

    private final Locals locals;
    private final List<Put> puts;
    private final Runnable whenApplied;
    private final boolean mustForce;
    private List<LocalRecord> records = List.of();

    /** @param whenApplied runs on the writer when the records stand, before they are published */
    RecordChange(Locals locals, List<Put> puts, boolean mustForce, Runnable whenApplied) {
        puts.forEach(put -> Locals.checkName(put.kind(), put.key()));
        if (puts.size() > RECORDS_MAX) {
            throw new IllegalArgumentException(puts.size() + " records in one transaction");
        }
        this.locals = locals;
        this.puts = List.copyOf(puts);
        this.mustForce = mustForce;
        this.whenApplied = whenApplied;
    }

    @Override
    Verdict<Long> prepare(Draft draft, long sequence) {
        records = records(puts, sequence);
        return new Verdict.Append<>(new LogTransaction(blocks(records)));
    }

    static List<LocalRecord> records(List<Put> puts, long sequence) {
        var made = new ArrayList<LocalRecord>();
        for (Put put : puts) {
            made.add(new LocalRecord(put.kind(), put.key(), put.value(sequence), sequence * RECORDS_MAX + made.size()));
        }
        return made;
    }

    static List<Block> blocks(List<LocalRecord> records) {
        return records.stream().map(LocalRecord::block).toList();
    }

    @Override
    boolean mustForce() {
        return mustForce;
    }

    @Override
    long bytes() {
        return puts.stream()
                .mapToLong(p -> p.value() == null ? 0 : p.value().length)
                .sum();
    }

    @Override
    void applied(long sequence) {
        records.forEach(locals::apply);
        whenApplied.run();
    }

    @Override
    Long answer(long sequence) {
        return sequence;
    }
}
