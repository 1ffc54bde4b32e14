package dev.pando.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PandoUrlTest {
    private static PandoUrl parse(String url) throws SQLException {
        return PandoUrl.parse(url, new Properties());
    }

    @Test
    void theThreeFormsAreUnderstood() throws Exception {
        assertThat(parse("jdbc:pando:mem:shop").target()).isEqualTo(new PandoUrl.Memory("shop"));
        assertThat(parse("jdbc:pando:file:./a/../b").target())
                .isEqualTo(new PandoUrl.Directory(Path.of("b").toAbsolutePath()));
        assertThat(parse("jdbc:pando://example.org:99").target()).isEqualTo(new PandoUrl.Server("example.org", 99));
        assertThat(parse("jdbc:pando://example.org/").target()).isEqualTo(new PandoUrl.Server("example.org", 9181));
        assertThat(parse("jdbc:pando://[::1]:99").target()).isEqualTo(new PandoUrl.Server("::1", 99));
        assertThat(parse("jdbc:pando://[::1]").target()).isEqualTo(new PandoUrl.Server("::1", 9181));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:pando:",
                "jdbc:pando:mem:",
                "jdbc:pando:file:",
                "jdbc:pando://",
                "jdbc:pando:ram:x",
                "jdbc:pando://h:port",
                "jdbc:pando://h:70000",
                "jdbc:pando://::1:99",
                "jdbc:pando:file:\0"
            })
    void otherFormsAreRefusedWithWhatWasExpected(String url) {
        assertThatThrownBy(() -> parse(url))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("22023"));
    }

    @Test
    void optionsComeFromTheUrlAndFromPropertiesWhichWin() throws Exception {
        Properties properties = new Properties();
        properties.setProperty("USER", "ada");
        PandoUrl url = PandoUrl.parse("jdbc:pando:mem:x;user=bob;p2p=TRUE; trust=all ;", properties);
        assertThat(url.url()).isEqualTo("jdbc:pando:mem:x");
        assertThat(url.get(PandoProperty.USER)).isEqualTo("ada");
        assertThat(url.get(PandoProperty.P2P)).isEqualTo("true");
        assertThat(url.get(PandoProperty.DURABILITY)).isEqualTo("group");
    }

    @Test
    void wrongOptionsNameTheRightOnes() {
        assertThatThrownBy(() -> parse("jdbc:pando:mem:x;usr=bob"))
                .hasMessageContaining("'usr'")
                .hasMessageContaining("user, password")
                .hasMessageContaining("p2paddr");
        assertThatThrownBy(() -> parse("jdbc:pando:mem:x;user")).hasMessageContaining("name=value");
        assertThatThrownBy(() -> parse("jdbc:pando:mem:x;trust=some"))
                .hasMessage("the option 'trust' is none or all, not 'some'");
        assertThatThrownBy(() -> parse("jdbc:pando://h;p2p=true")).hasMessageContaining("embedded");
        assertThatThrownBy(() -> parse("jdbc:pando:mem:x;fetchsize=many").number(PandoProperty.FETCHSIZE))
                .hasMessage("the option 'fetchsize' is a number, not 'many'");
    }

    @Test
    void theDriverListsItsOptions() throws Exception {
        DriverPropertyInfo[] remote = new PandoDriver().getPropertyInfo("jdbc:pando://h", new Properties());
        assertThat(Arrays.stream(remote).map(info -> info.name))
                .contains("user", "readtimeout")
                .doesNotContain("p2p");
        assertThat(new PandoDriver().connect("jdbc:h2:mem:x", new Properties())).isNull();
    }
}
