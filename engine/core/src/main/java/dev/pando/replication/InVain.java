package dev.pando.replication;

import dev.pando.DocumentId;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * What of one collection a peer has and this node asked for in vain: documents with the digests that they had there, and
 * where these were too many to be named, ranges with what they added up to. Nothing of it is asked for again as long as it
 * stands there as it stood. Not thread-safe while it is being filled.
 *
 * @param ranges by prefix, one hexadecimal digit a byte
 */
record InVain(Map<DocumentId, byte[]> documents, Map<ByteBuffer, HeadTree.Range> ranges) {

    static final InVain NOTHING = new InVain(Map.of(), Map.of());

    /** Documents remembered; with more those found last alone, and the others are asked for once more. */
    static final int DOCUMENTS_MAX = 65_536;

    /** Digits of the ranges that are remembered: 4,096 of the smallest kind at most. */
    static final int DIGITS_MAX = 3;

    InVain() {
        this(new HashMap<>(), new HashMap<>());
    }

    void add(byte[] prefix, HeadTree.Range range) {
        if (prefix.length <= DIGITS_MAX) {
            ranges.put(ByteBuffer.wrap(prefix), range);
        }
    }

    boolean contains(DocumentId document, byte[] digest) {
        return Arrays.equals(digest, documents.get(document));
    }

    boolean contains(byte[] prefix, HeadTree.Range range) {
        HeadTree.Range before = prefix.length <= DIGITS_MAX ? ranges.get(ByteBuffer.wrap(prefix)) : null;
        return before != null && before.sameAs(range);
    }

    /** Both together: what was in vain before stays so, else the two would be asked for in turns. */
    InVain and(InVain now) {
        var documentsOfBoth = new HashMap<DocumentId, byte[]>();
        if (documents.size() + now.documents.size() <= DOCUMENTS_MAX) {
            documentsOfBoth.putAll(documents);
        }
        documentsOfBoth.putAll(now.documents);
        var rangesOfBoth = new HashMap<>(ranges);
        rangesOfBoth.putAll(now.ranges);
        return new InVain(documentsOfBoth, rangesOfBoth);
    }
}
