package dev.pando.jdbc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.jdbc.cli.SqlSplitter.Piece;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SqlSplitterTest {
    private static List<String> split(String text) {
        SqlSplitter splitter = new SqlSplitter();
        List<Piece> statements = new ArrayList<>(splitter.add(text));
        statements.addAll(splitter.end());
        return statements.stream().map(Piece::sql).toList();
    }

    @Test
    void semicolonsSeparateOutsideOfLiteralsNamesAndComments() {
        assertThat(split("a; b;;\n c")).containsExactly("a", "b", "c");
        assertThat(split("SELECT ';', 'it''s; \"', \";\"\"\" FROM t; x"))
                .containsExactly("SELECT ';', 'it''s; \"', \";\"\"\" FROM t", "x");
        assertThat(split("a -- ; '\n b; c")).containsExactly("a -- ; '\n b", "c");
        assertThat(split("a /* ; ' */ b; /*/ ; */ c")).containsExactly("a /* ; ' */ b", "c");
        assertThat(split("-- first\n/* x */ a;")).containsExactly("a");
        assertThat(split("-- nothing;\n  ;  /* ; */ ;")).isEmpty();
        assertThat(split("1 - 2; 4 / 2 * 1;")).containsExactly("1 - 2", "4 / 2 * 1");
    }

    @Test
    void aStatementMayComeInPieces() {
        SqlSplitter splitter = new SqlSplitter();
        assertThat(splitter.add("SELECT 'a\n")).isEmpty();
        assertThat(splitter.inStatement()).isTrue();
        assertThat(splitter.add("b;c'\n")).isEmpty();
        assertThat(splitter.add(" FROM t; \n")).containsExactly(new Piece("SELECT 'a\nb;c'\n FROM t", 1));
        assertThat(splitter.add("-- more\n\n/* x\n */ b; c;")).containsExactly(new Piece("b", 7), new Piece("c", 7));
        assertThat(splitter.inStatement()).isFalse();
    }
}
