package dev.pando.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class NodeConfigTest {

    private static final NodeConfig FULL =
            new NodeConfig("data", false, "/ip4/127.0.0.1/tcp/1", "/ip4/127.0.0.1/tcp/2", "127.0.0.1:3", "u", "p");

    @Test
    void whatAConnectionDefinitionLeavesOutComesFromTheAdapter() {
        assertThat(NodeConfig.EMPTY.orElse(FULL)).isEqualTo(FULL);
        assertThat(FULL.orElse(NodeConfig.EMPTY.withUser("x").withPassword("y")))
                .isEqualTo(FULL);
        assertThat(NodeConfig.EMPTY.withSqladdr("127.0.0.1:4").orElse(FULL).sqladdr())
                .isEqualTo("127.0.0.1:4");
    }

    @Test
    void anotherUserNeverGetsTheAdaptersPassword() {
        assertThat(NodeConfig.EMPTY.withUser("other").orElse(FULL).password()).isNull();
    }

    @Test
    void emptyMeansNotGiven() {
        assertThat(NodeConfig.EMPTY.withRootdir("").rootdir()).isNull();
        assertThat(NodeConfig.EMPTY.withPeers(" \n").peers()).isNull();
    }

    @Test
    void anAddressAsksForTheNetwork() {
        assertThat(NodeConfig.EMPTY.driverOptions()).isEmpty();
        assertThat(NodeConfig.EMPTY.withP2paddr("/ip4/127.0.0.1/tcp/1").driverOptions())
                .containsEntry("p2p", "true")
                .containsEntry("p2paddr", "/ip4/127.0.0.1/tcp/1");
        assertThat(FULL.driverOptions())
                .containsEntry("p2p", "false")
                .containsEntry("sqladdr", "127.0.0.1:3")
                .doesNotContainKey("password");
    }
}
