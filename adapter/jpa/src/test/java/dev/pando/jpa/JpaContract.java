package dev.pando.jpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Persistence;
import jakarta.persistence.PersistenceException;
import jakarta.persistence.RollbackException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** What an application does with any provider: the schema is made by it, on a database in memory. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class JpaContract {
    private static final List<String> TABLES = List.of(
            "Book_notes",
            "Book_marks",
            "Book_Tag",
            "Book",
            "Author",
            "Tag",
            "Stock",
            "Payment",
            "Disc",
            "Poster",
            "Item");

    private final String unit;
    final String url = "jdbc:pando:mem:" + UUID.randomUUID();
    private Connection keeper;
    EntityManagerFactory factory;

    JpaContract(String unit) {
        this.unit = unit;
    }

    @BeforeAll
    void open() throws SQLException {
        keeper = DriverManager.getConnection(url);
        factory = factory(Map.of());
    }

    @AfterAll
    void close() throws SQLException {
        factory.close();
        keeper.close();
    }

    @AfterEach
    void empty() throws SQLException {
        factory.getCache().evictAll();
        try (Statement statement = keeper.createStatement()) {
            for (String table : TABLES) {
                statement.execute("DELETE FROM " + table);
            }
        }
    }

    final EntityManagerFactory factory(Map<String, String> settings) {
        var all = new java.util.HashMap<String, String>(settings);
        all.putIfAbsent("jakarta.persistence.jdbc.url", url);
        return Persistence.createEntityManagerFactory(unit, all);
    }

    /** Does {@code work} in a transaction of its own. */
    static <T> T get(EntityManagerFactory factory, Function<EntityManager, T> work) {
        EntityManager em = factory.createEntityManager();
        try {
            em.getTransaction().begin();
            T result = work.apply(em);
            if (!em.getTransaction().getRollbackOnly()) {
                em.getTransaction().commit();
            }
            return result;
        } finally {
            if (em.getTransaction().isActive()) {
                em.getTransaction().rollback();
            }
            em.close();
        }
    }

    final <T> T get(Function<EntityManager, T> work) {
        return get(factory, work);
    }

    final void run(Consumer<EntityManager> work) {
        get(em -> {
            work.accept(em);
            return true;
        });
    }

    /** An author with {@code count} books, every other a novel. */
    final Long author(String name, int count) {
        return get(em -> {
            var author = new Author(name);
            for (int i = 0; i < count; i++) {
                var book = new Book(author, "Book " + i);
                book.price = new BigDecimal(i + ".50");
                book.genre = i % 2 == 0 ? Book.Genre.NOVEL : Book.Genre.POETRY;
                book.weight = i / 4.0;
                book.published = LocalDate.of(2000 + i, 1, 1);
                author.books.add(book);
            }
            em.persist(author);
            em.flush();
            return author.id;
        });
    }

    private List<?> list(String jpql, Object... parameters) {
        return get(em -> {
            var query = em.createQuery(jpql);
            for (int i = 0; i < parameters.length; i++) {
                query.setParameter(i + 1, parameters[i]);
            }
            List<?> rows = query.getResultList();
            return rows.stream()
                    .map(row -> row instanceof Object[] values ? Arrays.asList(values) : row)
                    .toList();
        });
    }

    @Test
    void valuesOfAllKindsComeBack() {
        var shelf = UUID.randomUUID();
        var changed = OffsetDateTime.of(2026, 11, 1, 12, 34, 56, 123_456_000, ZoneOffset.UTC);
        var printed = LocalDateTime.of(1965, 8, 1, 23, 59, 59, 999_999_000);
        Long id = get(em -> {
            var book = new Book(new Author("Ann"), "Dune €");
            book.price = new BigDecimal("9.99");
            book.genre = Book.Genre.POETRY;
            book.mood = Book.Genre.NOVEL;
            book.rating = 1.5f;
            book.weight = 0.1;
            book.lent = true;
            book.pages = 412;
            book.initial = 'd';
            book.shelf = shelf;
            book.published = LocalDate.of(1965, 8, 1);
            book.opens = LocalTime.of(8, 30, 15);
            book.printed = printed;
            book.changed = changed;
            book.cover = new byte[100_000];
            book.checksum = new byte[] {1, 2, -3};
            book.blurb = "x".repeat(100_000);
            book.notes.addAll(List.of("one", "two"));
            book.marks.putAll(Map.of("ada", 1, "bob", 2));
            book.tags.add(new Tag("sand"));
            book.tags.add(new Tag("worm"));
            book.tags.forEach(em::persist);
            em.persist(book.author);
            em.persist(book);
            return book.id;
        });
        factory.getCache().evictAll();
        run(em -> {
            Book book = em.find(Book.class, id);
            assertThat(book.title).isEqualTo("Dune €");
            assertThat(book.price).isEqualTo("9.99");
            assertThat(book.genre).isEqualTo(Book.Genre.POETRY);
            assertThat(book.mood).isEqualTo(Book.Genre.NOVEL);
            assertThat(book.rating).isEqualTo(1.5f);
            assertThat(book.weight).isEqualTo(0.1);
            assertThat(book.lent).isTrue();
            assertThat(book.pages).isEqualTo((short) 412);
            assertThat(book.initial).isEqualTo('d');
            assertThat(book.stock).isNull();
            assertThat(book.shelf).isEqualTo(shelf);
            assertThat(book.published).isEqualTo("1965-08-01");
            assertThat(book.opens).isEqualTo("08:30:15");
            assertThat(book.printed).isEqualTo(printed);
            assertThat(book.changed.toInstant()).isEqualTo(changed.toInstant());
            assertThat(book.cover).hasSize(100_000);
            assertThat(book.checksum).containsExactly(1, 2, -3);
            assertThat(book.blurb).hasSize(100_000);
            assertThat(book.notes).containsExactlyInAnyOrder("one", "two");
            assertThat(book.marks).containsOnly(Map.entry("ada", 1), Map.entry("bob", 2));
            assertThat(book.tags).extracting(tag -> tag.word).containsExactlyInAnyOrder("sand", "worm");
        });
        assertThat(list(
                        "select b.id from Book b where b.shelf = ?1 and b.changed = ?2 and b.printed = ?3"
                                + " and b.published = ?4 and b.lent = true and b.genre = ?5 and b.price = ?6",
                        shelf,
                        changed,
                        printed,
                        LocalDate.of(1965, 8, 1),
                        Book.Genre.POETRY,
                        new BigDecimal("9.99")))
                .isEqualTo(List.of(id));
        assertThat(list("select b.author.name from Book b where b.id = ?1", id)).isEqualTo(List.of("Ann"));
        run(em -> {
            Book book = em.find(Book.class, id);
            book.cover = null;
            book.blurb = "short";
            book.notes.remove("one");
            book.marks.put("ada", 5);
            book.tags.removeIf(tag -> tag.word.equals("sand"));
        });
        factory.getCache().evictAll();
        run(em -> {
            Book book = em.find(Book.class, id);
            assertThat(book.cover).isNull();
            assertThat(book.blurb).isEqualTo("short");
            assertThat(book.notes).containsExactly("two");
            assertThat(book.marks).containsEntry("ada", 5);
            assertThat(book.tags).hasSize(1);
        });
    }

    @Test
    void keysOfASequenceAreTakenManyAtATimeAndNeverTwice() {
        author("Ann", 170);
        author("Bob", 1);
        assertThat(list("select count(distinct b.id) from Book b")).isEqualTo(List.of(171L));
    }

    @Test
    void pagesComeInOrder() {
        author("Ann", 10);
        List<Book> page = get(em -> em.createQuery("select b from Book b order by b.weight desc", Book.class)
                .setFirstResult(2)
                .setMaxResults(3)
                .getResultList());
        assertThat(page).extracting(book -> book.title).containsExactly("Book 7", "Book 6", "Book 5");
        page = get(em -> em.createQuery("select b from Book b order by b.title", Book.class)
                .setFirstResult(8)
                .getResultList());
        assertThat(page).extracting(book -> book.title).containsExactly("Book 8", "Book 9");
        List<String> titles = get(em -> em.createQuery(
                        "select b.title from Book b where b.author.name = :name order by b.price nulls last",
                        String.class)
                .setParameter("name", "Ann")
                .setMaxResults(1)
                .getResultList());
        assertThat(titles).containsExactly("Book 0");
    }

    @Test
    void groupsAreCountedAndChosen() {
        author("Ann", 10);
        assertThat(list("select b.genre, count(b), sum(b.price), min(b.weight), avg(b.weight) from Book b"
                        + " group by b.genre having count(b) > 1 order by b.genre"))
                .isEqualTo(List.of(
                        List.of(Book.Genre.NOVEL, 5L, new BigDecimal("22.50"), 0.0, 1.0),
                        List.of(Book.Genre.POETRY, 5L, new BigDecimal("27.50"), 0.25, 1.25)));
        assertThat(list("select count(distinct b.genre), max(b.published) from Book b"))
                .isEqualTo(List.of(List.of(2L, LocalDate.of(2009, 1, 1))));
    }

    @Test
    void joinsFetchWhatBelongsTogether() {
        author("Ann", 10);
        author("Bob", 0);
        List<Author> authors = get(em -> em.createQuery(
                        "select distinct a from Author a left join fetch a.books b where lower(a.name) like :p",
                        Author.class)
                .setParameter("p", "an%")
                .getResultList());
        assertThat(authors).singleElement().satisfies(a -> assertThat(a.books).hasSize(10));
        assertThat(list("select a.name, count(b) from Author a left join a.books b on b.weight > 1"
                        + " group by a.name order by a.name"))
                .isEqualTo(List.of(List.of("Ann", 5L), List.of("Bob", 0L)));
        assertThat(list("select a.name from Author a where a.books is empty")).isEqualTo(List.of("Bob"));
        assertThat(list("select a.name from Author a where size(a.books) = 10")).isEqualTo(List.of("Ann"));
        assertThat(list("select b.title from Author a join a.books b where a.name = 'Ann' and b.weight > 1"))
                .hasSize(5);
    }

    @Test
    void subqueriesAreAnswered() {
        author("Ann", 10);
        author("Bob", 1);
        assertThat(
                        list(
                                "select b.title from Book b where exists"
                                        + " (select 1 from Book o where o.author = b.author and o.weight > b.weight + 2) order by b.title"))
                .isEqualTo(List.of("Book 0"));
        assertThat(list("select a.name from Author a where (select count(b) from Book b where b.author = a) > 1"))
                .isEqualTo(List.of("Ann"));
        assertThat(list("select b.title from Book b where b.price >= all (select o.price from Book o)"))
                .isEqualTo(List.of("Book 9"));
        assertThat(list(
                        "select a.name from Author a where a.id in (select b.author.id from Book b where b.genre = ?1)"
                                + " order by a.name",
                        Book.Genre.POETRY))
                .isEqualTo(List.of("Ann"));
        assertThat(list("select a.name from Author a where a.id not in"
                        + " (select b.author.id from Book b where b.weight > 0)"))
                .isEqualTo(List.of("Bob"));
    }

    @Test
    void functionsOfTheLanguageAreThere() {
        author("Ann", 2);
        assertThat(list(
                        "select locate('k', b.title), concat(b.title, '!'), substring(b.title, 1, 4),"
                                + " coalesce(b.blurb, 'none'), nullif(b.title, 'Book 1'), upper(b.title), length(b.title),"
                                + " trim(both ' ' from '  x '), abs(b.weight - 1), sqrt(b.weight * 4), mod(b.pages + 7, 4),"
                                + " extract(year from b.published), ceiling(b.weight), floor(b.weight), round(b.price, 1),"
                                + " case when b.weight > 0 then 'heavy' else 'light' end"
                                + " from Book b where b.title in (?1, ?2) and b.price between 1 and 2",
                        "Book 1",
                        "Book 99"))
                .singleElement()
                .satisfies(row -> assertThat(((List<?>) row)
                                .stream().map(value -> value instanceof Number n ? n.doubleValue() : value))
                        .containsExactly(
                                4.0, "Book 1!", "Book", "none", null, "BOOK 1", 6.0, "x", 0.75, 1.0, 3.0, 2001.0, 1.0,
                                0.0, 1.5, "heavy"));
        assertThat(
                        list(
                                "select b.title from Book b where b.published < local date and b.title like 'Book!_%' escape '!'"))
                .isEmpty();
        assertThat(list(
                        "select b.title from Book b where b.published < current_date and b.printed is null"
                                + " and current_timestamp > ?1 and b.title <> ''",
                        java.sql.Timestamp.valueOf("2020-01-01 00:00:00")))
                .hasSize(2);
    }

    @Test
    void manyRowsAreChangedByOneStatement() {
        author("Ann", 10);
        int changed =
                get(em -> em.createQuery("update Book b set b.weight = b.weight + 1, b.lent = true where b.genre = :g")
                        .setParameter("g", Book.Genre.NOVEL)
                        .executeUpdate());
        assertThat(changed).isEqualTo(5);
        assertThat(list("select count(b) from Book b where b.lent = true and b.weight >= 1"))
                .isEqualTo(List.of(5L));
        int deleted = get(em -> em.createQuery("delete from Book b where b.genre = :g")
                .setParameter("g", Book.Genre.POETRY)
                .executeUpdate());
        assertThat(deleted).isEqualTo(5);
        int cased = get(em -> em.createQuery("update Book b set b.title = upper(b.title) where b.author in"
                        + " (select a from Author a where a.name = 'Ann')")
                .executeUpdate());
        assertThat(cased).isEqualTo(5);
    }

    @Test
    void kindsInOneTableAndInJoinedTablesAreToldApart() {
        run(em -> {
            em.persist(new Payment.Card("1.10", "4711"));
            em.persist(new Payment.Cash("2.20", "EUR"));
            em.persist(new Item.Disc("Kind of Blue", 45));
            em.persist(new Item.Poster("Nighthawks", 90));
        });
        factory.getCache().evictAll();
        assertThat(list("select p from Payment p order by p.amount"))
                .hasExactlyElementsOfTypes(Payment.Card.class, Payment.Cash.class);
        assertThat(list("select i from Item i order by i.name"))
                .hasExactlyElementsOfTypes(Item.Disc.class, Item.Poster.class);
        assertThat(list("select i.name from Item i where type(i) = Disc")).isEqualTo(List.of("Kind of Blue"));
        assertThat(list("select i.name from Item i where treat(i as Poster).width > 10"))
                .isEqualTo(List.of("Nighthawks"));
        int sold =
                get(em -> em.createQuery("update Disc d set d.sold = d.sold + 3, d.minutes = 46 where d.minutes = 45")
                        .executeUpdate());
        assertThat(sold).isEqualTo(1);
        assertThat(list("select d.sold, d.minutes from Disc d")).isEqualTo(List.of(List.of(3, 46)));
        int deleted = get(em -> em.createQuery("delete from Poster p where p.name like 'Night%'")
                .executeUpdate());
        assertThat(deleted).isEqualTo(1);
        assertThat(list("select i.name from Item i")).isEqualTo(List.of("Kind of Blue"));
    }

    @Test
    void aKeyOfTwoColumnsFindsItsRow() {
        var key = new Stock.Key("Oslo", 7);
        run(em -> em.persist(new Stock(key, 3)));
        run(em -> em.find(Stock.class, new Stock.Key("Oslo", 7)).amount += 2);
        factory.getCache().evictAll();
        assertThat(list("select s.amount from Stock s where s.key = ?1", key)).isEqualTo(List.of(5));
        run(em -> em.merge(new Stock(key, 9)));
        run(em -> assertThat(em.find(Stock.class, key).amount).isEqualTo(9));
    }

    @Test
    void aRowThatAnotherChangedIsNoticed() {
        Long id = author("Ann", 0);
        assertThatThrownBy(() -> run(em -> {
                    Author mine = em.find(Author.class, id);
                    run(other -> other.find(Author.class, id).name = "Bob");
                    mine.name = "Cyd";
                }))
                .isInstanceOf(RollbackException.class)
                .hasCauseInstanceOf(jakarta.persistence.OptimisticLockException.class);
        factory.getCache().evictAll();
        Author author = get(em -> em.find(Author.class, id));
        assertThat(author.name).isEqualTo("Bob");
        assertThat(author.version).isEqualTo(get(em -> em.find(Author.class, id)).version);
    }

    @Test
    void aLockedRowIsNotWaitedForWhenNotWanted() {
        Long id = author("Ann", 0);
        run(em -> {
            em.find(Author.class, id, LockModeType.PESSIMISTIC_WRITE);
            assertThatThrownBy(() -> run(other -> other.find(
                            Author.class,
                            id,
                            LockModeType.PESSIMISTIC_WRITE,
                            Map.of("jakarta.persistence.lock.timeout", 0))))
                    .isInstanceOfAny(
                            jakarta.persistence.LockTimeoutException.class,
                            jakarta.persistence.PessimisticLockException.class);
        });
        run(em -> assertThat(em.createQuery("select a from Author a where a.name = 'Ann'", Author.class)
                        .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                        .getResultList())
                .hasSize(1));
    }

    @Test
    void aUniqueNameIsTakenOnce() {
        author("Ann", 0);
        assertThatThrownBy(() -> author("Ann", 0))
                .isInstanceOf(PersistenceException.class)
                .satisfies(failure -> assertThat(state(failure)).isEqualTo("23505"))
                .hasMessageContaining("name");
    }

    @Test
    void aParentWithChildrenStays() {
        Long id = author("Ann", 2);
        assertThatThrownBy(() -> run(em -> em.createQuery("delete from Author a where a.id = :id")
                        .setParameter("id", id)
                        .executeUpdate()))
                .isInstanceOf(PersistenceException.class)
                .satisfies(failure -> assertThat(state(failure)).isEqualTo("23503"));
        assertThatThrownBy(() -> author(null, 0)).isInstanceOf(PersistenceException.class);
    }

    static String state(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql.getSQLState();
            }
        }
        return "no SQLException";
    }

    @Test
    void whatIsRemovedIsGoneWithItsChildren() {
        Long id = author("Ann", 3);
        run(em -> em.find(Author.class, id).books.remove(0));
        assertThat(list("select count(b) from Book b")).isEqualTo(List.of(2L));
        run(em -> em.remove(em.find(Author.class, id)));
        assertThat(list("select count(b) from Book b")).isEqualTo(List.of(0L));
    }

    @Test
    void whatIsRolledBackNeverWas() {
        run(em -> {
            em.persist(new Author("Ann"));
            em.flush();
            em.getTransaction().setRollbackOnly();
        });
        assertThat(list("select a from Author a")).isEmpty();
    }

    @Test
    void criteriaAndNativeQueriesWork() {
        author("Ann", 4);
        run(em -> {
            var builder = em.getCriteriaBuilder();
            var query = builder.createQuery(Book.class);
            var book = query.from(Book.class);
            query.where(builder.and(
                            builder.greaterThan(book.get("weight"), 0.3),
                            builder.equal(book.get("author").get("name"), "Ann")))
                    .orderBy(builder.desc(book.get("title")));
            assertThat(em.createQuery(query).getResultList())
                    .extracting(b -> b.title)
                    .containsExactly("Book 3", "Book 2");
            assertThat(em.createNativeQuery("SELECT * FROM Book WHERE weight > ? ORDER BY title", Book.class)
                            .setParameter(1, 0.3)
                            .getResultList())
                    .hasSize(2);
            assertThat(em.createNativeQuery("SELECT title FROM Book ORDER BY title")
                            .setMaxResults(1)
                            .getResultList())
                    .isEqualTo(List.of("Book 0"));
        });
    }
}
