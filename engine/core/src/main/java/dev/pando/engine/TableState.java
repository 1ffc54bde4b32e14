package dev.pando.engine;

import dev.pando.Column;
import dev.pando.Index;
import dev.pando.PandoException;
import dev.pando.Table;
import dev.pando.collection.Definition;
import dev.pando.collection.HybridClock;
import dev.pando.collection.RowCodec;
import dev.pando.collection.RowLayout;
import dev.pando.ipld.Cid;
import dev.pando.replication.HeadTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A table that this node holds: its present definition, its indexes, what its rows add up to. Readers see volatile
 * values; the writer alone changes them.
 */
final class TableState {

    private final int number;
    private final TableIndex primary;
    private final CollectionTotals totals = new CollectionTotals();
    private volatile @Nullable CommitPlaces places;
    private volatile Definition definition;
    private volatile boolean reborn;
    private volatile @Nullable HeadTree heads;
    private volatile List<TableIndex> indexes = List.of();
    private volatile RowLayout layout;
    private volatile RowLayout olderLayout;
    private volatile RowRules rules;

    TableState(TableRecord record, TableIndex primary, RowRules rules, Table table) {
        this.number = record.number();
        this.definition = record.created();
        this.primary = primary;
        this.rules = rules;
        this.layout = RowLayout.of(table, definition.numbers());
        this.olderLayout = layout;
    }

    int number() {
        return number;
    }

    Cid collection() {
        return definition.collectionId();
    }

    /** Whether a table of this collection was dropped here before: of its blocks only what came since counts. */
    boolean reborn() {
        return reborn;
    }

    void setReborn() {
        reborn = true;
    }

    /** What CREATE said, with what ALTER made of it anywhere. */
    Definition definition() {
        return definition;
    }

    Table table() {
        return layout.table();
    }

    /** How rows are shown by the present definition. */
    RowLayout layout() {
        return layout;
    }

    /** How rows are shown by this definition, an older one perhaps. */
    RowLayout layout(Table shown) {
        RowLayout present = layout;
        if (shown == present.table()) {
            return present;
        }
        RowLayout older = olderLayout;
        if (shown != older.table()) {
            older = RowLayout.of(shown, definition.numbers());
            olderLayout = older;
        }
        return older;
    }

    RowCodec codec() {
        return layout.codec();
    }

    RowRules rules() {
        return rules;
    }

    TableIndex primary() {
        return primary;
    }

    /** Without the primary one. */
    List<TableIndex> indexes() {
        return indexes;
    }

    CollectionTotals totals() {
        return totals;
    }

    /** What the writer keeps along of the places of its commits; null until somebody was asked for them. */
    @Nullable
    CommitPlaces places() {
        return places;
    }

    /** On the writer. */
    void setPlaces(@Nullable CommitPlaces kept) {
        places = kept;
    }

    /** A commit with a part in this table is applied. On the writer. */
    void committed(long sequence, long hlc) {
        CommitPlaces kept = places;
        if (kept != null) {
            kept.add(sequence, HybridClock.millis(hlc));
        }
    }

    /** What the writer keeps along of the documents' heads; null until somebody compared them. */
    @Nullable
    HeadTree heads() {
        return heads;
    }

    /** On the writer. */
    void setHeads(@Nullable HeadTree tree) {
        heads = tree;
    }

    /** Sets the definition and brings the indexes along. On the writer. */
    void define(Definition defined, Table table, RowRules rulesOfIt) {
        primary.resolve(table);
        indexes.forEach(index -> index.resolve(table));
        definition = defined;
        rules = rulesOfIt;
        layout = RowLayout.of(table, defined.numbers());
    }

    void addIndex(TableIndex index) {
        var more = new ArrayList<>(indexes);
        more.add(index);
        indexes = List.copyOf(more);
    }

    void removeIndex(TableIndex index) {
        var fewer = new ArrayList<>(indexes);
        fewer.remove(index);
        indexes = List.copyOf(fewer);
    }

    /** @throws PandoException {@code UNKNOWN_INDEX} */
    TableIndex index(Index definition) {
        return find(definition.name())
                .orElseThrow(() -> new PandoException(
                        PandoException.Kind.UNKNOWN_INDEX,
                        "no index " + definition.name() + " on " + table().qualifiedName()));
    }

    Optional<TableIndex> find(String indexName) {
        return indexes.stream().filter(i -> i.isNamed(indexName)).findFirst();
    }

    /** The place of a column, or −1 when it is not shown. */
    static int ordinal(Table table, String columnId) {
        for (Column column : table.columns()) {
            if (column.id().equals(columnId)) {
                return column.ordinal();
            }
        }
        return -1;
    }
}
