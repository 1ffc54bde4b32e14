package dev.pando.replication;

import dev.pando.DocumentId;
import dev.pando.ipld.CborReader;
import dev.pando.ipld.CborWriter;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DecodeException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The documents that were read or written by key of late. Thread-safe; {@link #touch} never waits: while another thread
 * touches, it does nothing.
 */
final class HotDocuments {

    /** The one longest unused is forgotten beyond. */
    static final int DOCUMENTS_MAX = 1_024;

    private static final int VERSION = 1;

    private final ReentrantLock lock = new ReentrantLock();
    private final LinkedHashMap<DocumentKey, Boolean> used = new LinkedHashMap<>(16, 0.75f, true);
    private @Nullable DocumentKey last;

    /** Notes a use; whether the document was cold. */
    boolean touch(DocumentKey key) {
        if (!lock.tryLock()) {
            return false;
        }
        try {
            if (key.equals(last)) {
                return false;
            }
            last = key;
            boolean cold = used.put(key, true) == null;
            if (used.size() > DOCUMENTS_MAX) {
                used.remove(used.keySet().iterator().next());
            }
            return cold;
        } finally {
            lock.unlock();
        }
    }

    /** The one used last comes first. */
    List<DocumentKey> latestFirst() {
        lock.lock();
        try {
            var keys = new ArrayList<>(used.keySet());
            Collections.reverse(keys);
            return keys;
        } finally {
            lock.unlock();
        }
    }

    byte[] encode() {
        var byCollection = new LinkedHashMap<Cid, Integer>();
        List<DocumentKey> keys = latestFirst();
        keys.forEach(key -> byCollection.putIfAbsent(key.collection(), byCollection.size()));
        var out = new CborWriter(64 + keys.size() * 40);
        out.startList(3);
        out.writeInt(VERSION);
        out.startList(byCollection.size());
        byCollection.keySet().forEach(out::writeLink);
        out.startList(2 * keys.size());
        for (DocumentKey key : keys) {
            out.writeInt(byCollection.getOrDefault(key.collection(), 0));
            out.writeBytes(key.document().bytes());
        }
        return out.toByteArray();
    }

    /**
     * Takes up what {@link #encode} wrote.
     *
     * @throws DecodeException for anything else
     */
    void load(byte[] encoded) {
        var in = new CborReader(encoded);
        in.expectList(3);
        if (in.readInt() != VERSION) {
            throw new DecodeException("hot documents of another version");
        }
        var collections = new ArrayList<Cid>();
        for (int i = in.readList(); i > 0; i--) {
            collections.add(in.readLink());
        }
        var keys = new ArrayList<DocumentKey>();
        for (int i = in.readList(); i > 0; i -= 2) {
            long collection = in.readInt();
            byte[] document = in.readBytes();
            if (collection < 0 || collection >= collections.size() || document.length != DocumentId.BYTES) {
                throw new DecodeException("a hot document that is none");
            }
            keys.add(new DocumentKey(collections.get((int) collection), DocumentId.of(document)));
        }
        in.end();
        Collections.reverse(keys);
        keys.forEach(this::touch);
    }
}
