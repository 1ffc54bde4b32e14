package dev.pando.collection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.Alteration;
import dev.pando.Column;
import dev.pando.ColumnType;
import dev.pando.MergeKind;
import dev.pando.PandoException;
import dev.pando.Table;
import dev.pando.TableSpec;
import dev.pando.TableSpec.ColumnSpec;
import dev.pando.crdt.DocumentState;
import dev.pando.dag.Delta;
import dev.pando.dag.FieldOp;
import dev.pando.dag.Golden;
import dev.pando.dag.Made;
import dev.pando.dag.ReservedCollection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

class DefinitionTest {

    @Test
    void theCollectionIdCoversNamesTypesAndKeyAndNothingElse() {
        Golden.check("collection", CollectionId.encode(Books.SPEC));
        Golden.check("definitions-collection", ReservedCollection.DEFINITIONS.toBytes());
        Golden.check("definition-document", Books.DEFINITION.document().bytes());
        List<ColumnSpec> columns = new ArrayList<>(Books.SPEC.columns());
        Collections.reverse(columns);
        columns.set(5, new ColumnSpec("ISBN", ColumnType.VARCHAR, MergeKind.LAST, false, Optional.of("'x'"), false));
        TableSpec same = new TableSpec(
                "public",
                "BOOKS",
                columns,
                List.of("IsBn"),
                false,
                0,
                List.of(new Table.Check("c", "pages > 0")),
                List.of(),
                List.of());
        assertThat(CollectionId.of(same)).isEqualTo(CollectionId.of(Books.SPEC));
        assertThat(CollectionId.of(TableSpec.of("PUBLIC", "Books", columns, List.of())))
                .isNotEqualTo(CollectionId.of(Books.SPEC));
        TableSpec nextGeneration =
                new TableSpec("PUBLIC", "Books", columns, List.of("isbn"), false, 1, List.of(), List.of(), List.of());
        assertThat(CollectionId.of(nextGeneration)).isNotEqualTo(CollectionId.of(Books.SPEC));
    }

    @Test
    void namesFoldByNfcAndCase() {
        assertThat(dev.pando.dag.ColumnId.of("A\u0308RGER", ColumnType.VARCHAR, MergeKind.LAST)
                        .text())
                .isEqualTo("\u00e4rger:text:set");
    }

    @Test
    void theTableIsWhatCreateSaid() {
        Table table = Books.TABLE;
        assertThat(table.columns())
                .extracting(Column::name)
                .containsExactly("isbn", "title", "pages", "likes", "price", "lastRead");
        assertThat(table.columns())
                .extracting(Column::type)
                .containsExactlyElementsOf(
                        Books.SPEC.columns().stream().map(ColumnSpec::type).toList());
        assertThat(table.primaryKey()).containsExactly(0);
        assertThat(table.columns().get(3).merge()).isEqualTo(MergeKind.SUM);
        assertThat(table.columns().get(3).defaultSql()).contains("0");
        assertThat(table.collectionId()).isEqualTo(CollectionId.of(Books.SPEC));
    }

    @Test
    void theLocalRecordIsReadBack() {
        TableSpec spec = new TableSpec(
                "PUBLIC",
                "t",
                List.of(ColumnSpec.of("a", ColumnType.decimal(5, 2)), ColumnSpec.counter("b", ColumnType.BIGINT)),
                List.of("a"),
                false,
                2,
                List.of(new Table.Check("c", "b > 0")),
                List.of(new TableSpec.UniqueSpec("u", List.of("a", "b"))),
                List.of(new TableSpec.ForeignKeySpec("f", List.of("a"), "PUBLIC", "o", List.of("id"))));
        Definition definition = Definition.create(spec);
        Golden.check("table-record", definition.encode());
        Definition read = Definition.decode(definition.encode());
        assertThat(read.created()).isEqualTo(spec);
        assertThat(read.table(List.of())).isEqualTo(definition.table(List.of()));
        assertThat(read.table(List.of()).uniques()).containsExactly(new Table.Unique("u", List.of(0, 1)));
        assertThat(read.table(List.of()).checks()).containsExactly(new Table.Check("c", "b > 0"));
        assertThat(read.table(List.of()).foreignKeys()).hasSize(1);
    }

    @Test
    void twoNodesThatAddColumnsAtOnceEndWithBoth() {
        Delta here = alter(Books.DEFINITION, add(Books.DEFINITION, ColumnSpec.of("genre", ColumnType.VARCHAR)), 1);
        Delta there = alter(Books.DEFINITION, add(Books.DEFINITION, ColumnSpec.of("weight", ColumnType.DOUBLE)), 2);
        Table one = with(here, there).table(List.of());
        Table other = with(there, here).table(List.of());
        assertThat(one).isEqualTo(other);
        assertThat(one.columns()).extracting(Column::name).endsWith("genre", "weight");
    }

    @Test
    void oneNameWithTwoTypesIsTwoColumns() {
        Delta text = alter(Books.DEFINITION, add(Books.DEFINITION, ColumnSpec.of("Year", ColumnType.VARCHAR)), 1);
        Delta number = alter(Books.DEFINITION, add(Books.DEFINITION, ColumnSpec.of("year", ColumnType.INTEGER)), 2);
        Definition both = with(text, number);
        assertThat(both.table(List.of()).columns()).extracting(Column::name).contains("year", "Year$TEXT");
        assertThat(both.remarks()).hasSize(1).first().asString().contains("year:text:set");
    }

    @Test
    void dropHidesRenameShowsAndAddingAgainShowsOldData() {
        Definition dropped = follow(Books.DEFINITION, drop(Books.DEFINITION, "PAGES"), 1);
        assertThat(dropped.table(List.of()).column("pages")).isEmpty();
        assertThatThrownBy(() -> drop(dropped, "pages")).isInstanceOf(PandoException.class);
        Definition again = follow(dropped, add(dropped, ColumnSpec.of("Pages", ColumnType.INTEGER)), 2);
        assertThat(again.table(List.of()).column("pages").orElseThrow().id()).isEqualTo("pages:int:set");
        Definition renamed = follow(again, rename(again, "title", "Name"), 3);
        assertThat(renamed.table(List.of()).column("name").orElseThrow().id()).isEqualTo("title:text:set");
        assertThatThrownBy(() -> rename(renamed, "isbn", "NAME"))
                .isInstanceOfSatisfying(
                        PandoException.class, e -> assertThat(e.kind()).isEqualTo(PandoException.Kind.COLUMN_EXISTS));
        assertThatThrownBy(() -> drop(renamed, "isbn")).isInstanceOf(PandoException.class);
        assertThat(renamed.restoreCreated().keySet()).contains("column/title:text:set/name:text:set");
        Definition restored = follow(renamed, renamed.restoreCreated(), 4);
        assertThat(restored.restoreCreated()).isEmpty();
        assertThat(restored.table(List.of()).column("title")).isPresent();
    }

    @Test
    void nonsenseInRegistersShowsNothingAndBreaksNothing() {
        SortedMap<String, FieldOp> ops = Made.ops(java.util.Map.of(
                "column/nonsense/name:text:set", Made.set(ColumnType.Family.TEXT, "x"),
                "column/x:int:set/name:int:set", Made.set(ColumnType.Family.INT, 1L),
                "column/title:text:set/type:text:set", Made.set(ColumnType.Family.TEXT, "VARCHAR(99999999999)"),
                "unique/u:array:set", Made.set(ColumnType.Family.ARRAY, List.of(1L)),
                "whatever:text:set", Made.set(ColumnType.Family.TEXT, "x")));
        Definition odd = follow(Books.DEFINITION, ops, 1);
        Table table = odd.table(List.of());
        assertThat(table.columns()).hasSize(6);
        assertThat(table.uniques()).isEmpty();
        assertThat(table.columns().get(1).type()).isEqualTo(ColumnType.VARCHAR);
    }

    @Test
    void whatCannotBeIsRefused() {
        refused(ColumnSpec.counter("x", ColumnType.VARCHAR));
        refused(ColumnSpec.of("x", ColumnType.decimal(39, 2)));
        refused(ColumnSpec.of("x", ColumnType.decimal(2, 3)));
        refused(ColumnSpec.of("", ColumnType.VARCHAR));
        refused(new ColumnSpec("x", ColumnType.INTEGER, MergeKind.LAST, false, Optional.empty(), true));
        refused(ColumnSpec.of("KEY", ColumnType.VARCHAR));
        assertThat(Definition.differences(List.of("a", "b"), List.of("b", "c")))
                .contains("[a]")
                .contains("[c]");
    }

    private static SortedMap<String, FieldOp> add(Definition definition, ColumnSpec column) {
        return definition.alter(List.of(new Alteration.AddColumn(column))).ops();
    }

    private static SortedMap<String, FieldOp> drop(Definition definition, String column) {
        return definition.alter(List.of(new Alteration.DropColumn(column))).ops();
    }

    private static SortedMap<String, FieldOp> rename(Definition definition, String column, String name) {
        return definition
                .alter(List.of(new Alteration.RenameColumn(column, name)))
                .ops();
    }

    private static void refused(ColumnSpec column) {
        TableSpec spec =
                TableSpec.of("PUBLIC", "t", List.of(ColumnSpec.of("key", ColumnType.BIGINT), column), List.of("key"));
        assertThatThrownBy(() -> Definition.create(spec)).isInstanceOf(PandoException.class);
    }

    private static Delta alter(Definition definition, SortedMap<String, FieldOp> ops, int nonce) {
        return Books.finish(definition.draft(ops), 10, nonce);
    }

    private static Definition with(Delta... deltas) {
        DocumentState state = DocumentState.empty();
        for (Delta delta : deltas) {
            state = Books.apply(state, delta);
        }
        return Books.DEFINITION.with(state);
    }

    private DocumentState registers = DocumentState.empty();

    private Definition follow(Definition definition, SortedMap<String, FieldOp> ops, int step) {
        registers = Books.apply(registers, Books.finish(definition.draft(ops), 100 + step, step));
        return definition.with(registers);
    }
}
