package dev.pando.sql.catalog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pando.LocalRecords;
import dev.pando.PandoException;
import dev.pando.sql.parser.RightsStatement.Privilege;
import dev.pando.sql.session.Role;
import dev.pando.sql.session.ScramCredentials;
import dev.pando.sql.session.SessionUser;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What SQL keeps on this node beside the engine's tables: views, users, sequences, comments. Kept as JSON, as
 * docs/formats/sql-local-records.md tells. Thread-safe; a change is durable when its method returns.
 */
public final class LocalObjects {
    private static final String VIEW = "sql.view";
    private static final String USER = "sql.user";
    private static final String SEQUENCE = "sql.sequence";
    private static final String SETTING = "sql.setting";
    private static final String RIGHT = "sql.right";
    private static final String COMMENT = "sql.comment";
    /** Apart: it takes long to load, and a start without such records does not need it. */
    private static final class Mapper {
        static final ObjectMapper JSON = new ObjectMapper();
    }

    private final LocalRecords records;
    /** Read for each statement. */
    private final Map<SystemSetting, String> settings = new ConcurrentHashMap<>();

    private final AtomicLong version = new AtomicLong();
    private final AtomicLong settingsVersion = new AtomicLong();

    public LocalObjects(LocalRecords records) {
        this.records = records;
    }

    /** Grows with every change of what plans depend on. */
    public long version() {
        return version.get();
    }

    public List<View> views() {
        List<View> views = new ArrayList<>();
        for (byte[] value : records.all(VIEW).values()) {
            Map<String, String> fields = read(value);
            views.add(new View(field(fields, "schema"), field(fields, "name"), field(fields, "sql")));
        }
        return views;
    }

    public Optional<View> view(String schema, String name) {
        return views().stream()
                .filter(view ->
                        view.schema().equalsIgnoreCase(schema) && view.name().equalsIgnoreCase(name))
                .findFirst();
    }

    public void putView(View view) {
        write(
                VIEW,
                key(view.schema(), view.name()),
                Map.of("schema", view.schema(), "name", view.name(), "sql", view.sql()));
    }

    public void dropView(View view) {
        remove(VIEW, key(view.schema(), view.name()));
    }

    /**
     * A sequence; its numbers are generated without coordination and need no state.
     *
     * @param increment how many numbers who asks for one may count on from it
     */
    public record Sequence(String schema, String name, int increment) {}

    public List<Sequence> sequences() {
        List<Sequence> sequences = new ArrayList<>();
        for (byte[] value : records.all(SEQUENCE).values()) {
            sequences.add(sequence(read(value)));
        }
        return sequences;
    }

    public Optional<Sequence> sequence(String schema, String name) {
        byte[] value = records.get(SEQUENCE, key(schema, name));
        if (value == null) {
            return Optional.empty();
        }
        return Optional.of(sequence(read(value)));
    }

    /* Sequences of earlier builds have no increment. */
    private static Sequence sequence(Map<String, String> fields) {
        return new Sequence(
                field(fields, "schema"),
                field(fields, "name"),
                Integer.parseInt(fields.getOrDefault("increment", "1")));
    }

    public void putSequence(Sequence sequence) {
        write(
                SEQUENCE,
                key(sequence.schema(), sequence.name()),
                Map.of(
                        "schema",
                        sequence.schema(),
                        "name",
                        sequence.name(),
                        "increment",
                        Integer.toString(sequence.increment())));
    }

    public void dropSequence(Sequence sequence) {
        remove(SEQUENCE, key(sequence.schema(), sequence.name()));
    }

    public List<ScramCredentials> users() {
        return records.all(USER).values().stream().map(LocalObjects::user).toList();
    }

    public Optional<ScramCredentials> user(String name) {
        byte[] value = records.get(USER, fold(name));
        return value == null ? Optional.empty() : Optional.of(user(value));
    }

    public void putUser(ScramCredentials credentials) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("name", credentials.user().name());
        fields.put("role", credentials.user().role().name());
        fields.put("salt", base64(credentials.salt()));
        fields.put("iterations", Integer.toString(credentials.iterations()));
        fields.put("storedKey", base64(credentials.storedKey()));
        fields.put("serverKey", base64(credentials.serverKey()));
        write(USER, fold(credentials.user().name()), fields);
    }

    /** Takes a user away, and its rights. */
    public void dropUser(String name) {
        remove(USER, fold(name));
        for (UserRight right : rights()) {
            if (fold(right.user()).equals(fold(name))) {
                putRights(right.user(), right.schema(), right.name(), Set.of());
            }
        }
    }

    /** What a user may do with a table or view beyond what its role says. */
    public record UserRight(String user, String schema, String name, Set<Privilege> privileges) {}

    /** The rights of all users on single tables. */
    public List<UserRight> rights() {
        List<UserRight> rights = new ArrayList<>();
        for (byte[] value : records.all(RIGHT).values()) {
            rights.add(right(value));
        }
        return rights;
    }

    /** The rights of a user on a table or view. */
    public Set<Privilege> rights(String user, String schema, String name) {
        byte[] value = records.get(RIGHT, rightKey(user, schema, name));
        return value == null ? Set.of() : right(value).privileges();
    }

    /** Sets the rights of a user on a table or view; none takes the record away. */
    public void putRights(String user, String schema, String name, Set<Privilege> privileges) {
        String key = rightKey(user, schema, name);
        if (privileges.isEmpty()) {
            remove(RIGHT, key);
            return;
        }
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("user", user);
        fields.put("schema", schema);
        fields.put("name", name);
        fields.put("rights", privileges.stream().sorted().map(Enum::name).collect(Collectors.joining(",")));
        write(RIGHT, key, fields);
    }

    /** Takes all rights on a table or view away, which is no more: another of its name begins without. */
    public void forgetRights(String schema, String name) {
        for (UserRight right : rights()) {
            if (key(right.schema(), right.name()).equals(key(schema, name))) {
                putRights(right.user(), right.schema(), right.name(), Set.of());
            }
        }
    }

    private static UserRight right(byte[] value) {
        Map<String, String> fields = read(value);
        Set<Privilege> privileges = EnumSet.noneOf(Privilege.class);
        for (String each : field(fields, "rights").split(",")) {
            privileges.add(Privilege.valueOf(each));
        }
        return new UserRight(field(fields, "user"), field(fields, "schema"), field(fields, "name"), privileges);
    }

    /* A name has no NUL. */
    private static String rightKey(String user, String schema, String name) {
        return fold(user) + '\0' + key(schema, name);
    }

    private static ScramCredentials user(byte[] value) {
        Map<String, String> fields = read(value);
        return new ScramCredentials(
                new SessionUser(field(fields, "name"), Role.valueOf(field(fields, "role"))),
                Base64.getDecoder().decode(field(fields, "salt")),
                Integer.parseInt(field(fields, "iterations")),
                Base64.getDecoder().decode(field(fields, "storedKey")),
                Base64.getDecoder().decode(field(fields, "serverKey")));
    }

    /** The value of a setting of this node. */
    public String setting(SystemSetting setting) {
        return settings.computeIfAbsent(setting, this::readSetting);
    }

    private String readSetting(SystemSetting setting) {
        byte[] value = records.get(SETTING, setting.sqlName());
        return value == null ? setting.byDefault() : field(read(value), "value");
    }

    /** Sets a setting of this node; null restores its default. */
    public void setting(SystemSetting setting, @Nullable String value) {
        if (value == null) {
            records.remove(SETTING, setting.sqlName());
        } else {
            write(SETTING, setting.sqlName(), Map.of("value", value));
        }
        settings.remove(setting);
        settingsVersion.incrementAndGet();
    }

    /** Grows with every change of a setting. */
    public long settingsVersion() {
        return settingsVersion.get();
    }

    /** Sets the comment of a view; {@code column} is empty; null removes it. */
    public void comment(String schema, String table, String column, @Nullable String text) {
        String key = key(schema, table) + "." + fold(column);
        if (text == null) {
            remove(COMMENT, key);
        } else {
            write(COMMENT, key, Map.of("text", text));
        }
    }

    /** The comment of a view; {@code column} is empty. */
    public Optional<String> comment(String schema, String table, String column) {
        byte[] value = records.get(COMMENT, key(schema, table) + "." + fold(column));
        return value == null ? Optional.empty() : Optional.of(field(read(value), "text"));
    }

    private void write(String kind, String key, Map<String, String> fields) {
        try {
            records.put(kind, key, Mapper.JSON.writeValueAsBytes(fields));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a map of texts is always JSON", e);
        }
        version.incrementAndGet();
    }

    private void remove(String kind, String key) {
        records.remove(kind, key);
        version.incrementAndGet();
    }

    private static Map<String, String> read(byte[] value) {
        try {
            return Mapper.JSON.readValue(value, new TypeReference<Map<String, String>>() {});
        } catch (java.io.IOException e) {
            throw new PandoException(PandoException.Kind.CORRUPT, "a local SQL record is not JSON", e);
        }
    }

    private static String field(Map<String, String> fields, String name) {
        String value = fields.get(name);
        if (value == null) {
            throw new PandoException(PandoException.Kind.CORRUPT, "a local SQL record lacks its field " + name);
        }
        return value;
    }

    private static String key(String schema, String name) {
        return fold(schema) + "." + fold(name);
    }

    private static String fold(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
