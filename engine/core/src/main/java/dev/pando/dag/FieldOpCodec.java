package dev.pando.dag;

import dev.pando.ipld.CborReader;
import dev.pando.ipld.CborWriter;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DecodeException;
import java.util.ArrayList;
import java.util.List;

/** <pre>{ "set": value } | { "add": amount } | { "max": value } | { "min": value } | { "elements": { "add": [value], "remove": [link] } }</pre> */
final class FieldOpCodec {

    /** Elements added, and additions removed, by one op at most; a larger op is invalid. */
    private static final int ELEMENTS_MAX = 4_096;

    private FieldOpCodec() {}

    static void write(CborWriter out, ColumnId column, FieldOp op) {
        out.startMap(1);
        out.writeKey(column.op().text());
        if (op instanceof FieldOp.SetValue set) {
            out.writeEncoded(set.value().encoded());
        } else if (op instanceof FieldOp.Add add) {
            Values.writeAmount(out, column.family(), add.amount());
        } else if (op instanceof FieldOp.Max max) {
            out.writeEncoded(max.value().encoded());
        } else if (op instanceof FieldOp.Min min) {
            out.writeEncoded(min.value().encoded());
        } else {
            writeElements(out, (FieldOp.Elements) op);
        }
    }

    /** The op of that column, whose id says what it must be. */
    static FieldOp read(CborReader in, byte[] block, ColumnId column) {
        if (in.readMap() != 1) {
            throw new DecodeException("column " + column + ": an op has one entry");
        }
        in.expectKey(column.op().text());
        FieldOp op = switch (column.op()) {
            case SET -> new FieldOp.SetValue(Values.read(in, block, column.family(), true, true));
            case ADD -> new FieldOp.Add(Values.readAmount(in, column.family()));
            case MAX -> new FieldOp.Max(Values.read(in, block, column.family(), false, false));
            case MIN -> new FieldOp.Min(Values.read(in, block, column.family(), false, false));
            case ELEMENTS -> readElements(in, block, column);
        };
        in.endMap();
        return op;
    }

    private static void writeElements(CborWriter out, FieldOp.Elements op) {
        out.startMap(2);
        out.writeKey("add");
        out.startList(op.added().size());
        op.added().forEach(value -> out.writeEncoded(value.encoded()));
        out.writeKey("remove");
        out.startList(op.removed().size());
        op.removed().forEach(out::writeLink);
    }

    private static FieldOp readElements(CborReader in, byte[] block, ColumnId column) {
        in.readMap();
        in.expectKey("add");
        List<Value> added = new ArrayList<>();
        for (int left = count(in); left > 0; left--) {
            Value value = Values.read(in, block, column.family(), false, false);
            requireAscending(added.isEmpty() || added.get(added.size() - 1).compareTo(value) < 0);
            added.add(value);
        }
        in.expectKey("remove");
        List<Cid> removed = new ArrayList<>();
        for (int left = count(in); left > 0; left--) {
            Cid cid = Cids.dagCbor(in.readLink());
            requireAscending(
                    removed.isEmpty() || removed.get(removed.size() - 1).compareTo(cid) < 0);
            removed.add(cid);
        }
        in.endMap();
        return new FieldOp.Elements(List.copyOf(added), List.copyOf(removed));
    }

    private static int count(CborReader in) {
        int count = in.readList();
        if (count > ELEMENTS_MAX) {
            throw new DecodeException("an op with " + count + " elements");
        }
        return count;
    }

    private static void requireAscending(boolean ascending) {
        if (!ascending) {
            throw new DecodeException("elements that do not ascend");
        }
    }
}
