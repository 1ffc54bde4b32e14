package dev.pando.crdt;

import dev.pando.dag.ColumnId;
import dev.pando.dag.Stamp;
import dev.pando.dag.Value;
import dev.pando.dag.Values;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DagCbor;
import dev.pando.ipld.DecodeException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads what {@link StateEncoder} wrote. Values are taken as they are: checksums guard what is stored. */
final class StateDecoder {

    private static final int STAMP_BYTES = 40;
    private static final int DIGEST_BYTES = 32;

    private final StateInput in;
    private final ColumnNumbers numbers;
    private final List<Stamp> stamps = new ArrayList<>();

    private StateDecoder(StateInput in, ColumnNumbers numbers) {
        this.in = in;
        this.numbers = numbers;
    }

    static DocumentState decode(StateInput in, ColumnNumbers numbers) {
        return new StateDecoder(in, numbers).read();
    }

    private DocumentState read() {
        for (int left = in.getCount(STAMP_BYTES); left > 0; left--) {
            long hlc = in.getLong();
            stamps.add(new Stamp(hlc, digest()));
        }
        int reset = in.getVarint();
        Stamp resetStamp = reset == 0 ? null : stamp(reset - 1);
        List<Head> heads = new ArrayList<>();
        for (int left = in.getCount(2); left > 0; left--) {
            Stamp stamp = stamp(in.getVarint());
            int incarnation = in.getVarint();
            heads.add(new Head(
                    stamp, incarnation == 0 ? digest() : stamp(incarnation - 1).cid()));
        }
        SortedMap<String, Value> key = readKey();
        List<Incarnation> incarnations = new ArrayList<>();
        for (int left = in.getCount(2); left > 0; left--) {
            incarnations.add(readIncarnation());
        }
        in.end();
        return new DocumentState(key, resetStamp, heads, incarnations);
    }

    private @Nullable SortedMap<String, Value> readKey() {
        int count = in.getCount(3);
        if (count == 0) {
            return null;
        }
        SortedMap<String, Value> key = new TreeMap<>(DagCbor.KEY_ORDER);
        for (int i = 0; i < count; i++) {
            String column = column();
            key.put(column, value());
        }
        return key;
    }

    private Incarnation readIncarnation() {
        Stamp stamp = stamp(in.getVarint());
        int count = in.getCount(3);
        String[] columns = new String[count];
        Register[] registers = new Register[count];
        for (int i = 0; i < count; i++) {
            columns[i] = column();
            if (i > 0 && columns[i].compareTo(columns[i - 1]) <= 0) {
                throw new DecodeException("registers that do not ascend");
            }
            registers[i] = register(ColumnId.parse(columns[i]));
        }
        return new Incarnation(stamp, columns, registers);
    }

    private Register register(ColumnId column) {
        return switch (column.op()) {
            case SET -> {
                Stamp stamp = stamp(in.getVarint());
                yield new Register.Latest(stamp, value());
            }
            case ADD -> new Register.Sum(Values.decodeAmount(value()));
            case MAX, MIN -> new Register.Extreme(value());
            case ELEMENTS -> throw new DecodeException("a register of " + column);
        };
    }

    private String column() {
        int reference = in.getVarint();
        if ((reference & 1) == 1) {
            return new String(in.getBytes(reference >> 1), StandardCharsets.UTF_8);
        }
        if (reference >> 1 >= numbers.count()) {
            throw new DecodeException("column number " + (reference >> 1) + " of " + numbers.count());
        }
        return numbers.column(reference >> 1);
    }

    private Value value() {
        int length = in.getVarint();
        if (length == 0) {
            throw new DecodeException("a value without bytes");
        }
        return Value.ofEncoded(in.getBytes(length));
    }

    private Stamp stamp(int index) {
        if (index >= stamps.size()) {
            throw new DecodeException("stamp " + index + " of " + stamps.size());
        }
        return stamps.get(index);
    }

    private Cid digest() {
        return Cid.ofDigest(Cid.DAG_CBOR, in.getBytes(DIGEST_BYTES));
    }
}
