package dev.pando.engine;

import dev.pando.LocalRecords;
import dev.pando.PandoException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The records of the layers above, apart from the engine's own by the prefix of their kind. */
final class LocalRecordsImpl implements LocalRecords {

    private static final String PREFIX = "x.";

    private final Locals locals;
    private final Committer committer;

    LocalRecordsImpl(Locals locals, Committer committer) {
        this.locals = locals;
        this.committer = committer;
    }

    @Override
    public byte @Nullable [] get(String kind, String key) {
        byte[] value = locals.get(PREFIX + kind, key);
        return value == null ? null : value.clone();
    }

    @Override
    public Map<String, byte[]> all(String kind) {
        var all = locals.all(PREFIX + kind);
        all.replaceAll((key, value) -> value.clone());
        return all;
    }

    @Override
    public void put(String kind, String key, byte[] value) {
        if (value.length > VALUE_BYTES_MAX) {
            throw new PandoException(
                    PandoException.Kind.LIMIT_EXCEEDED,
                    "a local record has at most " + VALUE_BYTES_MAX + " bytes, this one " + value.length);
        }
        write(new RecordChange.Put(PREFIX + kind, key, value.clone()));
    }

    @Override
    public void remove(String kind, String key) {
        write(new RecordChange.Put(PREFIX + kind, key, null));
    }

    private void write(RecordChange.Put put) {
        committer.commit(new RecordChange(locals, List.of(put), true, () -> {}));
    }
}
