package dev.pando.jpa;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EclipseLinkTest extends JpaContract {
    EclipseLinkTest() {
        super("eclipselink");
    }

    @Test
    void aSchemaThatIsThereIsExtended() {
        author("Ann", 1);
        run(em -> em.createNativeQuery("ALTER TABLE Author DROP COLUMN country").executeUpdate());
        try (var extended = factory(Map.of(
                "eclipselink.ddl-generation", "create-or-extend-tables", "eclipselink.session-name", "extended"))) {
            List<?> countries = get(
                    extended,
                    em -> em.createQuery("select a.country from Author a").getResultList());
            assertThat(countries).containsOnlyNulls().hasSize(1);
        }
    }
}
