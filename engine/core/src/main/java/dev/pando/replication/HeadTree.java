package dev.pando.replication;

import dev.pando.DocumentId;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The digests of a collection's documents, added up over every range of document ids that a prefix of hexadecimal digits
 * names: what two nodes compare to find where they differ (docs/formats/replicate.md). A change costs one path; about 60
 * bytes of heap for each document. Thread-safe.
 *
 * <p>The digest of a document is the beginning of its leaf (docs/rules.md §7).
 */
public final class HeadTree {

    /** Bytes of a digest, and of a sum of digests: addition modulo 2^128, big-endian. */
    public static final int DIGEST_BYTES = 16;

    /** Ranges into which a range falls: one for each further hexadecimal digit. */
    public static final int FANOUT = 16;

    /** Documents that a node holds itself; with one more they are shared out to children. */
    static final int ENTRIES_MAX = 64;

    private static final int ENTRY_BYTES = DocumentId.BYTES + DIGEST_BYTES;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final Node root = new Node();

    /** What the documents of a range add up to; count 0 and a sum of zeros for none. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Range(long count, byte[] sum) {

        /** Whether the two hold the same documents with the same heads, as far as sums tell. */
        public boolean sameAs(Range other) {
            return count == other.count && Arrays.equals(sum, other.sum);
        }
    }

    /** A document and the digest of its heads. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Entry(DocumentId document, byte[] digest) {}

    private static final class Node {
        long high;
        long low;
        int count;
        byte[] entries = new byte[0];
        Node @Nullable [] children;

        void add(long digestHigh, long digestLow, int documents) {
            long sum = low + digestLow;
            high += digestHigh + (Long.compareUnsigned(sum, digestLow) < 0 ? 1 : 0);
            low = sum;
            count += documents;
        }

        void subtract(long digestHigh, long digestLow) {
            high -= digestHigh + (Long.compareUnsigned(low, digestLow) < 0 ? 1 : 0);
            low -= digestLow;
        }

        Range range() {
            return new Range(
                    count,
                    ByteBuffer.allocate(DIGEST_BYTES).putLong(high).putLong(low).array());
        }
    }

    /** Sets a document's leaf (docs/rules.md §7). */
    public synchronized void put(DocumentId document, byte[] leaf) {
        set(document.bytes(), leaf, true);
    }

    /** Sets a document's leaf when the document is not here yet. */
    public synchronized void putIfAbsent(DocumentId document, byte[] leaf) {
        set(document.bytes(), leaf, false);
    }

    /** Takes a document out that has no heads any more. */
    public synchronized void remove(DocumentId document) {
        byte[] id = document.bytes();
        Node node = root;
        for (int depth = 0; node.children != null; depth++) {
            node = node.children[digit(id, depth)];
        }
        int at = find(node.entries, id);
        if (at < 0) {
            return;
        }
        long high = (long) LONG.get(node.entries, at + DocumentId.BYTES);
        long low = (long) LONG.get(node.entries, at + DocumentId.BYTES + Long.BYTES);
        Node on = root;
        for (int level = 0; ; level++) {
            on.subtract(high, low);
            on.count--;
            if (on.children == null) {
                break;
            }
            on = on.children[digit(id, level)];
        }
        byte[] fewer = Arrays.copyOf(node.entries, node.entries.length - ENTRY_BYTES);
        System.arraycopy(node.entries, at + ENTRY_BYTES, fewer, at, fewer.length - at);
        node.entries = fewer;
    }

    private void set(byte[] id, byte[] leaf, boolean replace) {
        int depth = 0;
        Node node = root;
        while (node.children != null) {
            node = node.children[digit(id, depth++)];
        }
        int at = find(node.entries, id);
        if (at >= 0 && !replace) {
            return;
        }
        long high = (long) LONG.get(leaf, 0);
        long low = (long) LONG.get(leaf, Long.BYTES);
        long oldHigh = at < 0 ? 0 : (long) LONG.get(node.entries, at + DocumentId.BYTES);
        long oldLow = at < 0 ? 0 : (long) LONG.get(node.entries, at + DocumentId.BYTES + Long.BYTES);
        Node on = root;
        for (int level = 0; ; level++) {
            on.subtract(oldHigh, oldLow);
            on.add(high, low, at < 0 ? 1 : 0);
            if (on.children == null) {
                break;
            }
            on = on.children[digit(id, level)];
        }
        if (at < 0) {
            at = node.entries.length;
            node.entries = Arrays.copyOf(node.entries, at + ENTRY_BYTES);
            System.arraycopy(id, 0, node.entries, at, DocumentId.BYTES);
        }
        System.arraycopy(leaf, 0, node.entries, at + DocumentId.BYTES, DIGEST_BYTES);
        if (node.entries.length > ENTRIES_MAX * ENTRY_BYTES) {
            split(node, depth);
        }
    }

    private static void split(Node node, int depth) {
        Node[] children = new Node[FANOUT];
        int[] sizes = new int[FANOUT];
        for (int at = 0; at < node.entries.length; at += ENTRY_BYTES) {
            sizes[digit(node.entries, at, depth)]++;
        }
        for (int i = 0; i < FANOUT; i++) {
            children[i] = new Node();
            children[i].entries = new byte[sizes[i] * ENTRY_BYTES];
        }
        for (int at = 0; at < node.entries.length; at += ENTRY_BYTES) {
            Node child = children[digit(node.entries, at, depth)];
            System.arraycopy(node.entries, at, child.entries, child.count * ENTRY_BYTES, ENTRY_BYTES);
            child.add(
                    (long) LONG.get(node.entries, at + DocumentId.BYTES),
                    (long) LONG.get(node.entries, at + DocumentId.BYTES + Long.BYTES),
                    1);
        }
        node.entries = new byte[0];
        node.children = children;
    }

    /** Offset of the document's entry, or −1. Ids of one node share their beginning: the end is compared first. */
    private static int find(byte[] entries, byte[] id) {
        long tail = (long) LONG.get(id, DocumentId.BYTES - Long.BYTES);
        for (int at = 0; at < entries.length; at += ENTRY_BYTES) {
            if ((long) LONG.get(entries, at + DocumentId.BYTES - Long.BYTES) == tail
                    && Arrays.equals(entries, at, at + DocumentId.BYTES, id, 0, DocumentId.BYTES)) {
                return at;
            }
        }
        return -1;
    }

    private static int digit(byte[] id, int depth) {
        return digit(id, 0, depth);
    }

    private static int digit(byte[] id, int from, int depth) {
        int octet = id[from + depth / 2];
        return (depth % 2 == 0 ? octet >> 4 : octet) & 0x0f;
    }

    /** Documents, live and deleted. */
    public synchronized long count() {
        return root.count;
    }

    /** What the documents whose ids begin with these hexadecimal digits, one a byte, add up to. */
    public synchronized Range range(byte[] prefix) {
        Node node = root;
        for (int depth = 0; depth < prefix.length; depth++) {
            if (node.children == null) {
                return sumOf(node, prefix).range();
            }
            node = node.children[prefix[depth]];
        }
        return node.range();
    }

    private static Node sumOf(Node node, byte[] prefix) {
        var sum = new Node();
        for (int at = 0; at < node.entries.length; at += ENTRY_BYTES) {
            if (begins(node.entries, at, prefix)) {
                sum.add(
                        (long) LONG.get(node.entries, at + DocumentId.BYTES),
                        (long) LONG.get(node.entries, at + DocumentId.BYTES + Long.BYTES),
                        1);
            }
        }
        return sum;
    }

    private static boolean begins(byte[] entries, int at, byte[] prefix) {
        for (int depth = 0; depth < prefix.length; depth++) {
            if (digit(entries, at, depth) != prefix[depth]) {
                return false;
            }
        }
        return true;
    }

    /** The {@link #FANOUT} ranges of a range, in order. */
    public synchronized List<Range> children(byte[] prefix) {
        var children = new ArrayList<Range>(FANOUT);
        byte[] child = Arrays.copyOf(prefix, prefix.length + 1);
        for (int digit = 0; digit < FANOUT; digit++) {
            child[prefix.length] = (byte) digit;
            children.add(range(child));
        }
        return children;
    }

    /** The documents of a range, by id. To be asked for small ranges only: it copies them. */
    public synchronized List<Entry> documents(byte[] prefix) {
        Node node = root;
        for (int depth = 0; depth < prefix.length && node.children != null; depth++) {
            node = node.children[prefix[depth]];
        }
        var found = new ArrayList<Entry>();
        collect(node, prefix, found);
        found.sort((a, b) -> a.document().compareTo(b.document()));
        return found;
    }

    private static void collect(Node node, byte[] prefix, List<Entry> found) {
        if (node.children != null) {
            for (Node child : node.children) {
                collect(child, prefix, found);
            }
            return;
        }
        for (int at = 0; at < node.entries.length; at += ENTRY_BYTES) {
            if (begins(node.entries, at, prefix)) {
                found.add(new Entry(
                        DocumentId.of(Arrays.copyOfRange(node.entries, at, at + DocumentId.BYTES)),
                        Arrays.copyOfRange(node.entries, at + DocumentId.BYTES, at + ENTRY_BYTES)));
            }
        }
    }

    /** The digest of a document's heads; null when the document is not here. */
    public synchronized byte @Nullable [] digest(DocumentId document) {
        Node node = root;
        for (int depth = 0; node.children != null; depth++) {
            node = node.children[digit(document.bytes(), depth)];
        }
        int at = find(node.entries, document.bytes());
        return at < 0 ? null : Arrays.copyOfRange(node.entries, at + DocumentId.BYTES, at + ENTRY_BYTES);
    }
}
