package dev.pando.jdbc;

import dev.pando.sql.session.PandoSqlState;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Every option of a connection: after {@code ;} in the URL or in the {@link java.util.Properties}, by the same names.
 * An option that is not here is an error.
 */
public enum PandoProperty {
    USER(
            "user",
            Use.ALWAYS,
            "",
            "Who connects. A remote connection needs it; an embedded one acts as admin without it."),
    PASSWORD("password", Use.ALWAYS, "", "The user's password."),
    SCHEMA("schema", Use.ALWAYS, "PUBLIC", "The schema in which unqualified names are looked up."),
    FETCHSIZE("fetchsize", Use.ALWAYS, "0", "Rows to fetch at once; 0 leaves it to the transport."),
    P2P(
            "p2p",
            Use.EMBEDDED,
            "false",
            "Whether the node takes part in the network; p2paddr or peers ask for it too.",
            "true",
            "false"),
    P2PADDR(
            "p2paddr",
            Use.EMBEDDED,
            "/ip4/127.0.0.1/tcp/0",
            "Multiaddresses to listen on for peers, separated by commas; port 0 takes a free one."),
    PEERS("peers", Use.EMBEDDED, "", "Multiaddresses with Peer ID, separated by commas, to stay connected with."),
    DHT(
            "dht",
            Use.EMBEDDED,
            "true",
            "Whether peers of topics, and addresses of a bare Peer ID, are looked up in the peers' hash table.",
            "true",
            "false"),
    MDNS("mdns", Use.EMBEDDED, "false", "Whether peers are looked for on the local network.", "true", "false"),
    SQLADDR("sqladdr", Use.EMBEDDED, "", "HOST:PORT on which the node takes remote SQL; empty for none."),
    TRUST(
            "trust",
            Use.EMBEDDED,
            "none",
            "Whether every connected peer may read and write: for demos and closed networks.",
            "none",
            "all"),
    DURABILITY(
            "durability",
            Use.EMBEDDED,
            "group",
            "What a returned commit promises: on disk (group), or soon on disk (none).",
            "group",
            "none"),
    KEEP(
            "keep",
            Use.EMBEDDED,
            "false",
            "Whether a mem: database outlives its last connection, until the JVM ends.",
            "true",
            "false"),
    PEERID(
            "peerid",
            Use.REMOTE,
            "",
            "The node's Peer ID: the connection is made over TLS and refused when someone else answers."
                    + " Needed for nodes on other machines."),
    CONNECTTIMEOUT("connecttimeout", Use.REMOTE, "10", "Seconds to wait for the connection and its login."),
    READTIMEOUT("readtimeout", Use.REMOTE, "0", "Seconds to wait for an answer; 0 waits without end.");

    /** Which URLs take an option. */
    enum Use {
        ALWAYS,
        EMBEDDED,
        REMOTE
    }

    private final String key;
    private final Use use;
    private final String defaultValue;
    private final String description;
    private final List<String> choices;

    PandoProperty(String key, Use use, String defaultValue, String description, String... choices) {
        this.key = key;
        this.use = use;
        this.defaultValue = defaultValue;
        this.description = description;
        this.choices = List.of(choices);
    }

    /** The name in URLs and properties; taken without regard to case. */
    public String key() {
        return key;
    }

    /** What holds when nobody says anything; empty for nothing. */
    public String defaultValue() {
        return defaultValue;
    }

    public String description() {
        return description;
    }

    /** The values that it takes; empty when it takes others than a few words. */
    public List<String> choices() {
        return choices;
    }

    boolean fits(boolean embedded) {
        return use == Use.ALWAYS || (use == Use.EMBEDDED) == embedded;
    }

    /** The option of that name. */
    static PandoProperty named(String name, boolean embedded) throws SQLException {
        for (PandoProperty property : values()) {
            if (property.key.equals(name.toLowerCase(Locale.ROOT))) {
                if (!property.fits(embedded)) {
                    throw PandoSqlState.BAD_PARAMETER_VALUE.exception("the option '" + property.key + "' is one of "
                            + (embedded ? "remote" : "embedded") + " connections");
                }
                return property;
            }
        }
        throw PandoSqlState.BAD_PARAMETER_VALUE.exception(
                "there is no option '" + name + "'; the options are " + keys(embedded));
    }

    private static String keys(boolean embedded) {
        return Arrays.stream(values())
                .filter(property -> property.fits(embedded))
                .map(PandoProperty::key)
                .collect(Collectors.joining(", "));
    }

    /** Refuses a value that is not among {@link #choices()}. */
    String check(String value) throws SQLException {
        if (choices.isEmpty()) {
            return value;
        }
        String lower = value.toLowerCase(Locale.ROOT);
        if (!choices.contains(lower)) {
            throw PandoSqlState.BAD_PARAMETER_VALUE.exception(
                    "the option '" + key + "' is " + String.join(" or ", choices) + ", not '" + value + "'");
        }
        return lower;
    }
}
