package dev.pando.jpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.hibernate.PandoDialect;
import jakarta.persistence.LockModeType;
import jakarta.persistence.LockTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.hibernate.SessionFactory;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.exception.ConstraintViolationException;
import org.junit.jupiter.api.Test;

class HibernateTest extends JpaContract {
    HibernateTest() {
        super("hibernate");
    }

    @Test
    void theDialectIsFoundByItself() {
        assertThat(factory.unwrap(SessionFactoryImplementor.class)
                        .getJdbcServices()
                        .getDialect())
                .isInstanceOf(PandoDialect.class);
    }

    @Test
    void theSchemaThatWasMadeIsTheOneThatIsExpected() {
        factory(Map.of(
                        "hibernate.hbm2ddl.auto",
                        "validate",
                        "jakarta.persistence.schema-generation.database.action",
                        "none"))
                .close();
        factory(Map.of(
                        "hibernate.hbm2ddl.auto",
                        "update",
                        "jakarta.persistence.schema-generation.database.action",
                        "none"))
                .close();
    }

    @Test
    void valuesThatItAloneMapsComeBack() {
        var instant = Instant.parse("2026-11-01T12:34:56.123456Z");
        Long id = get(em -> {
            var sheet = new Sheet();
            sheet.instant = instant;
            sheet.zoned = instant.atZone(ZoneId.of("+02:00"));
            sheet.duration = Duration.ofSeconds(90, 5_000);
            sheet.words = new String[] {"a", "b"};
            sheet.numbers = List.of(1, 2, 3);
            sheet.json = Map.of("k", "v");
            em.persist(sheet);
            return sheet.id;
        });
        run(em -> {
            Sheet sheet = em.createQuery("select s from Sheet s where s.instant = :at and s.none is null", Sheet.class)
                    .setParameter("at", instant)
                    .getSingleResult();
            assertThat(sheet.id).isEqualTo(id);
            assertThat(sheet.instant).isEqualTo(instant);
            assertThat(sheet.zoned.toInstant()).isEqualTo(instant);
            assertThat(sheet.duration).isEqualTo(Duration.ofSeconds(90, 5_000));
            assertThat(sheet.words).containsExactly("a", "b");
            assertThat(sheet.numbers).containsExactly(1, 2, 3);
            assertThat(sheet.json).containsOnly(Map.entry("k", "v"));
        });
    }

    @Test
    void theTablesOfBulkChangesStayOnTheNode() {
        run(em -> assertThat(em.createNativeQuery(
                                "SELECT is_local FROM sys.collections WHERE table_name LIKE 'HTE%'", Boolean.class)
                        .getResultList())
                .isNotEmpty()
                .containsOnly(true));
    }

    @Test
    void rowsOfAJoinAreLockedOneByOne() {
        Long id = author("Ann", 3);
        run(em -> {
            assertThat(em.createQuery(
                                    "select distinct a from Author a join fetch a.books b where b.weight > 0",
                                    Author.class)
                            .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                            .getResultList())
                    .hasSize(1);
            assertThatThrownBy(() -> run(other -> other.find(
                            Author.class,
                            id,
                            LockModeType.PESSIMISTIC_WRITE,
                            Map.of("jakarta.persistence.lock.timeout", 0))))
                    .isInstanceOf(LockTimeoutException.class);
        });
    }

    @Test
    void violationsNameTheirConstraint() {
        Long id = author("Ann", 1);
        assertThatThrownBy(() -> author("Ann", 0))
                .isInstanceOfSatisfying(ConstraintViolationException.class, failure -> {
                    assertThat(failure.getKind()).isEqualTo(ConstraintViolationException.ConstraintKind.UNIQUE);
                    assertThat(failure.getConstraintName()).isEqualToIgnoringCase("author_name");
                });
        assertThatThrownBy(() -> run(em ->
                        em.createQuery("delete from Author where id = " + id).executeUpdate()))
                .isInstanceOfSatisfying(
                        ConstraintViolationException.class,
                        failure -> assertThat(failure.getConstraintName()).isEqualToIgnoringCase("book_author"));
    }

    @Test
    void itsOwnLanguageIsAnswered() {
        author("Ann", 4);
        SessionFactory sessions = factory.unwrap(SessionFactory.class);
        sessions.inTransaction(session -> {
            assertThat(session.createSelectionQuery(
                                    "select title, row_number() over (partition by genre order by weight desc) from Book"
                                            + " order by title limit 2",
                                    Object[].class)
                            .getResultList())
                    .containsExactly(new Object[] {"Book 0", 2L}, new Object[] {"Book 1", 2L});
            assertThat(session.createSelectionQuery(
                                    "with heavy as (select b.title as title from Book b where b.weight > 0.3)"
                                            + " select h.title from heavy h order by h.title",
                                    String.class)
                            .getResultList())
                    .containsExactly("Book 2", "Book 3");
            assertThat(session.createSelectionQuery(
                                    "select title from Book where genre = NOVEL union select title from Book where weight > 0.7"
                                            + " order by 1",
                                    String.class)
                            .getResultList())
                    .containsExactly("Book 0", "Book 2", "Book 3");
            assertThat(session.createSelectionQuery(
                                    "select listagg(title, ',') within group (order by title) from Book", String.class)
                            .getSingleResult())
                    .isEqualTo("Book 0,Book 1,Book 2,Book 3");
            assertThat(session.createSelectionQuery(
                                    "select title from Book where published + 1 year = {d '2004-01-01'}", String.class)
                            .getResultList())
                    .containsExactly("Book 3");
            assertThat(session.createMutationQuery("insert into Author (name, version) select b.title, 0 from Book b")
                            .executeUpdate())
                    .isEqualTo(4);
            assertThat(session.createMutationQuery(
                                    "insert into Stock (key.shop, key.book, amount) values ('Oslo', 1, 2)")
                            .executeUpdate())
                    .isEqualTo(1);
        });
        sessions.inStatelessSession(session -> {
            session.upsert(new Stock(new Stock.Key("Oslo", 1), 5));
            session.upsert(new Stock(new Stock.Key("Oslo", 2), 6));
        });
        run(em -> assertThat(em.createQuery("select amount from Stock order by key.book", Integer.class)
                        .getResultList())
                .containsExactly(5, 6));
    }
}
