package dev.pando.engine;

import static dev.pando.engine.TestDatabase.books;
import static dev.pando.engine.TestDatabase.commit;
import static dev.pando.engine.TestDatabase.insert;
import static dev.pando.engine.TestDatabase.update;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.DocumentId;
import dev.pando.Engine;
import dev.pando.collection.Keys;
import dev.pando.ipld.Cid;
import dev.pando.replication.Documents;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DocumentsImplTest {

    private static final int CHANGES = 25;

    private final Engine engine = TestDatabase.inMemory();
    private final EngineParts parts = ((EngineImpl) engine).parts();
    private final Cid collection = books(engine).collectionId();
    private final DocumentId document = Keys.documentId(books(engine), List.of("1"));

    @AfterEach
    void close() {
        engine.close();
    }

    private Documents documents(int sinceMax) {
        return new DocumentsImpl(
                parts.store,
                parts.tables,
                parts.access,
                parts.snapshots,
                new Admitted(parts.store, parts.meta),
                parts.departures,
                sinceMax);
    }

    /** Whoever gets them can admit them: of a long history the oldest come first, and none is left out in the end. */
    @Test
    void aHistoryLongerThanOneAnswerIsToldFromItsBeginning() {
        commit(engine, tx -> insert(tx, books(engine), "1", "title"));
        for (int i = 1; i < CHANGES; i++) {
            int number = i;
            commit(engine, tx -> update(tx, books(engine), "1", values -> values[1] = "title " + number));
        }
        List<Cid> whole =
                documents(CHANGES).since(collection, document, List.of()).deltas();
        assertThat(whole).hasSize(CHANGES);
        assertThat(documents(CHANGES).since(collection, document, List.of()).more())
                .isFalse();

        Documents short10 = documents(10);
        Set<Cid> known = Set.of();
        var told = new ArrayList<Cid>();
        boolean more = true;
        while (more) {
            Documents.Since next = short10.since(collection, document, known);
            assertThat(next.deltas()).hasSizeLessThanOrEqualTo(10).isNotEmpty();
            told.addAll(0, next.deltas());
            known = next.heads();
            assertThat(known).as("of a history that is a chain").hasSize(1);
            more = next.more();
        }
        assertThat(told).isEqualTo(whole);
    }

    @Test
    void whatIsKnownIsLeftOut() {
        commit(engine, tx -> insert(tx, books(engine), "1", "title"));
        List<Cid> then = documents(10).heads(collection, document);
        commit(engine, tx -> update(tx, books(engine), "1", values -> values[1] = "another"));
        assertThat(documents(10).since(collection, document, then).deltas())
                .isEqualTo(documents(10).heads(collection, document));
    }
}
