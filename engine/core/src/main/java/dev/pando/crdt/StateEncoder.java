package dev.pando.crdt;

import dev.pando.dag.ColumnId;
import dev.pando.dag.Stamp;
import dev.pando.dag.Value;
import dev.pando.ipld.Cid;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;

/**
 * Writes a {@link DocumentState}:
 *
 * <pre>
 * stamps        count, each: hlc (8) digest (32)                 ascending; named below by their index
 * reset         index + 1, or 0
 * heads         count, each: index, incarnation: index + 1, or 0 and digest (32)
 * key           count, each: column, length, value
 * incarnations  count, each: index, count of registers, each: column, index (only for set), length, value
 * column        number * 2, or length * 2 + 1 and UTF-8
 * </pre>
 *
 * All numbers are varints. Values are canonical DAG-CBOR, so a row can show them where they stand.
 */
public final class StateEncoder {

    private StateEncoder() {}

    /** Learns where values stand: of key columns once, of others once for each incarnation that holds them. */
    @FunctionalInterface
    public interface Places {
        /** @param number the column's, or −1 */
        void value(String column, int number, int offset);
    }

    /** Appends {@code state} to {@code out}. */
    public static void encode(DocumentState state, ColumnNumbers numbers, StateOutput out, Places places) {
        List<Stamp> stamps = stamps(state);
        out.putVarint(stamps.size());
        for (Stamp stamp : stamps) {
            out.putLong(stamp.hlc());
            putDigest(out, stamp.cid());
        }
        Stamp reset = state.reset();
        out.putVarint(reset == null ? 0 : index(stamps, reset) + 1);
        encodeHeads(state, stamps, out);
        SortedMap<String, Value> key = state.key();
        out.putVarint(key == null ? 0 : key.size());
        if (key != null) {
            key.forEach((column, value) -> {
                int number = putColumn(out, numbers, column);
                putValue(out, column, number, value, places);
            });
        }
        out.putVarint(state.incarnations().size());
        for (Incarnation incarnation : state.incarnations()) {
            encodeIncarnation(incarnation, stamps, numbers, out, places);
        }
    }

    private static void encodeHeads(DocumentState state, List<Stamp> stamps, StateOutput out) {
        out.putVarint(state.heads().size());
        for (Head head : state.heads()) {
            out.putVarint(index(stamps, head.stamp()));
            Stamp incarnation =
                    head.incarnation().equals(head.cid()) ? head.stamp() : state.incarnation(head.incarnation());
            if (incarnation != null) {
                out.putVarint(index(stamps, incarnation) + 1);
            } else {
                out.putVarint(0);
                putDigest(out, head.incarnation());
            }
        }
    }

    private static void encodeIncarnation(
            Incarnation incarnation, List<Stamp> stamps, ColumnNumbers numbers, StateOutput out, Places places) {
        out.putVarint(index(stamps, incarnation.stamp()));
        String[] columns = incarnation.columns();
        out.putVarint(columns.length);
        for (int i = 0; i < columns.length; i++) {
            Register register = incarnation.registers()[i];
            int number = putColumn(out, numbers, columns[i]);
            if (register instanceof Register.Latest latest) {
                out.putVarint(index(stamps, latest.stamp()));
            }
            putValue(out, columns[i], number, register.shown(ColumnId.parse(columns[i])), places);
        }
    }

    private static int putColumn(StateOutput out, ColumnNumbers numbers, String column) {
        int number = numbers.number(column);
        if (number >= 0) {
            out.putVarint(number * 2);
        } else {
            byte[] utf8 = column.getBytes(StandardCharsets.UTF_8);
            out.putVarint(utf8.length * 2 + 1);
            out.putBytes(utf8);
        }
        return number;
    }

    private static void putValue(StateOutput out, String column, int number, Value value, Places places) {
        out.putVarint(value.encoded().length);
        places.value(column, number, out.size());
        out.putBytes(value.encoded());
    }

    private static void putDigest(StateOutput out, Cid cid) {
        out.putBytes(cid.digest());
    }

    private static int index(List<Stamp> stamps, Stamp stamp) {
        return stamps.size() == 1 ? 0 : Collections.binarySearch(stamps, stamp);
    }

    private static List<Stamp> stamps(DocumentState state) {
        List<Stamp> distinct = new ArrayList<>();
        if (state.reset() != null) {
            distinct.add(state.reset());
        }
        for (Head head : state.heads()) {
            place(head.stamp(), distinct);
        }
        for (Incarnation incarnation : state.incarnations()) {
            place(incarnation.stamp(), distinct);
            for (Register register : incarnation.registers()) {
                if (register instanceof Register.Latest latest) {
                    place(latest.stamp(), distinct);
                }
            }
        }
        return distinct;
    }

    /** There are few, and most registers of a row have the greatest. */
    private static void place(Stamp stamp, List<Stamp> sorted) {
        int last = sorted.size() - 1;
        if (last >= 0 && sorted.get(last) == stamp) {
            return;
        }
        int at = Collections.binarySearch(sorted, stamp);
        if (at < 0) {
            sorted.add(-at - 1, stamp);
        }
    }
}
