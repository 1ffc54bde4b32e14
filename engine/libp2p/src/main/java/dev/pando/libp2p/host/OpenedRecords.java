package dev.pando.libp2p.host;

import dev.pando.libp2p.record.PeerRecord;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/** Opens signed peer records, and remembers those whose signature was checked: peers show the same one again and again. Thread-safe. */
final class OpenedRecords {
    /** At the limit the one not shown for longest is forgotten. With the longest records these are 8 MiB. */
    static final int MAX = 1_024;

    private final Map<ByteBuffer, PeerRecord> opened = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, PeerRecord> eldest) {
            return size() > MAX;
        }
    };

    /** As {@link PeerRecord#open}. */
    PeerRecord open(byte[] envelope) {
        var key = ByteBuffer.wrap(envelope);
        synchronized (opened) {
            var known = opened.get(key);
            if (known != null) {
                return known;
            }
        }
        var record = PeerRecord.open(envelope);
        synchronized (opened) {
            opened.put(key, record);
        }
        return record;
    }
}
