package dev.pando.jpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.OptimisticLockException;
import jakarta.persistence.Persistence;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.hibernate.cfg.JdbcSettings;
import org.hibernate.resource.jdbc.spi.StatementInspector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Applications on two nodes, each with a provider of its own, that write while they are apart, and then meet. */
@Timeout(120)
class TwoNodesTest {
    private static final List<String> TABLES = List.of("Author", "Stock");
    private static final Stock.Key OSLO = new Stock.Key("Oslo", 7);

    private final List<String> statements = Collections.synchronizedList(new java.util.ArrayList<>());
    private EntityManagerFactory one;
    private EntityManagerFactory two;

    private void open(String unit) {
        one = node(unit, "one");
        two = node(unit, "two");
    }

    private EntityManagerFactory node(String unit, String name) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(
                "jakarta.persistence.jdbc.url",
                "jdbc:pando:mem:" + UUID.randomUUID() + ";p2p=true;dht=false;trust=all");
        settings.put("eclipselink.session-name", name + UUID.randomUUID());
        settings.put(JdbcSettings.STATEMENT_INSPECTOR, (StatementInspector) sql -> {
            statements.add(sql.toLowerCase(Locale.ROOT));
            return sql;
        });
        EntityManagerFactory factory = Persistence.createEntityManagerFactory(unit, settings);
        factory.createEntityManager().close();
        return factory;
    }

    @AfterEach
    void close() {
        one.close();
        two.close();
    }

    private static void run(EntityManagerFactory node, Consumer<EntityManager> work) {
        JpaContract.get(node, em -> {
            work.accept(em);
            return true;
        });
        node.getCache().evictAll();
    }

    private static String ask(EntityManagerFactory node, String sql) {
        return JpaContract.get(
                node, em -> em.createNativeQuery(sql).getSingleResult().toString());
    }

    private static void call(EntityManagerFactory node, String procedure, String... arguments) {
        String sql = "CALL " + procedure + "('" + String.join("', '", arguments) + "')";
        run(node, em -> em.createNativeQuery(sql).executeUpdate());
    }

    private void push(EntityManagerFactory from, EntityManagerFactory to) {
        String address = ask(to, "SELECT address FROM sys.addresses");
        for (String table : TABLES) {
            call(from, "set_replicator", table, address);
        }
    }

    private void await(EntityManagerFactory from, EntityManagerFactory to) {
        String peer = ask(to, "SELECT peer_id FROM sys.node");
        for (String table : TABLES) {
            call(from, "wait_for_sync", table, peer);
        }
        to.getCache().evictAll();
    }

    private void meet() {
        push(one, two);
        push(two, one);
        await(one, two);
        await(two, one);
    }

    private void part() {
        for (String table : TABLES) {
            call(one, "delete_replicator", table, ask(two, "SELECT peer_id FROM sys.node"));
            call(two, "delete_replicator", table, ask(one, "SELECT peer_id FROM sys.node"));
        }
    }

    private Long sow() {
        Long id = JpaContract.get(one, em -> {
            Author author = new Author("Ann");
            Stock stock = new Stock(OSLO, 10);
            stock.place = "A1";
            em.persist(author);
            em.persist(stock);
            em.flush();
            return author.id;
        });
        meet();
        part();
        return id;
    }

    @ParameterizedTest
    @ValueSource(strings = {"hibernate", "eclipselink"})
    void editsOfDifferentColumnsOfOneRowSurviveOnBoth(String unit) {
        open(unit);
        Long id = sow();
        statements.clear();
        run(one, em -> {
            em.find(Author.class, id).name = "Anna";
            Stock stock = em.find(Stock.class, OSLO);
            stock.place = "B2";
            stock.amount += 3;
        });
        run(two, em -> {
            em.find(Author.class, id).country = "SE";
            Stock stock = em.find(Stock.class, OSLO);
            stock.remark = "last ones";
            stock.amount -= 1;
        });
        if (unit.equals("hibernate")) {
            /* Both nodes wrote the columns that the other one changed, too. */
            assertThat(statements.stream().filter(sql -> sql.startsWith("update")))
                    .containsExactlyInAnyOrder(
                            "update author set country=?,name=?,version=? where id=? and version=?",
                            "update author set country=?,name=?,version=? where id=? and version=?",
                            "update stock set amount=?,place=?,remark=? where book=? and shop=?",
                            "update stock set amount=?,place=?,remark=? where book=? and shop=?");
        }
        meet();
        for (EntityManagerFactory node : List.of(one, two)) {
            run(node, em -> {
                Author author = em.find(Author.class, id);
                assertThat(author.name).isEqualTo("Anna");
                assertThat(author.country).isEqualTo("SE");
                Stock stock = em.find(Stock.class, OSLO);
                assertThat(stock.place).isEqualTo("B2");
                assertThat(stock.remark).isEqualTo("last ones");
                assertThat(stock.amount).isEqualTo(12);
            });
        }
    }

    /** A version that is a counter counts the edits of all nodes: what was read before they met is old afterwards. */
    @Test
    void whatWasReadBeforeTheOtherNodesEditCameIsNotWrittenOverIt() {
        open("hibernate");
        Long id = sow();
        run(one, em -> em.find(Author.class, id).name = "Anna");
        run(two, em -> em.find(Author.class, id).country = "SE");
        Author read = JpaContract.get(one, em -> em.find(Author.class, id));
        meet();
        read.name = "Annika";
        assertThatThrownBy(() -> run(one, em -> em.merge(read))).isInstanceOf(OptimisticLockException.class);
        run(one, em -> em.find(Author.class, id).name = "Annika");
        await(one, two);
        run(two, em -> {
            Author author = em.find(Author.class, id);
            assertThat(author.name).isEqualTo("Annika");
            assertThat(author.country).isEqualTo("SE");
            assertThat(author.version).isEqualTo(3);
        });
    }

    @Test
    void keysMadeApartNeverMeet() {
        open("hibernate");
        meet();
        /* One chance in 16,384 that both have drawn the same number: fleets that cannot bear it give numbers by hand. */
        String number = ask(one, "SELECT node_number FROM sys.node");
        run(
                two,
                em -> em.createNativeQuery("ALTER SYSTEM SET node_number = " + (Integer.parseInt(number) ^ 1))
                        .executeUpdate());
        for (EntityManagerFactory node : List.of(one, two)) {
            run(node, em -> {
                for (int i = 0; i < 100; i++) {
                    em.persist(new Author(node == one ? "one " + i : "two " + i));
                }
            });
        }
        await(one, two);
        await(two, one);
        for (EntityManagerFactory node : List.of(one, two)) {
            assertThat(ask(node, "SELECT count(*) FROM Author")).isEqualTo("200");
        }
    }
}
