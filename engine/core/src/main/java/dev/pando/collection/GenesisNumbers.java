package dev.pando.collection;

import dev.pando.TableSpec;
import dev.pando.crdt.ColumnNumbers;
import dev.pando.ipld.DagCbor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The columns that the collection id covers, numbered in the order of their ids. */
final class GenesisNumbers implements ColumnNumbers {

    private final List<String> columns;
    private final Map<String, Integer> numbers = new HashMap<>();

    private GenesisNumbers(List<String> columns) {
        this.columns = columns;
        for (int i = 0; i < columns.size(); i++) {
            numbers.put(columns.get(i), i);
        }
    }

    static GenesisNumbers of(TableSpec spec) {
        TreeSet<String> ids = new TreeSet<>(DagCbor.KEY_ORDER);
        spec.columns().forEach(column -> ids.add(CollectionId.id(column)));
        return new GenesisNumbers(List.copyOf(new ArrayList<>(ids)));
    }

    List<String> columns() {
        return columns;
    }

    @Override
    public int number(String column) {
        Integer number = numbers.get(column);
        return number == null ? -1 : number;
    }

    @Override
    public String column(int number) {
        return columns.get(number);
    }

    @Override
    public int count() {
        return columns.size();
    }
}
