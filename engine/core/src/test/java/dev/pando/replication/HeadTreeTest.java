package dev.pando.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.DocumentId;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HeadTreeTest {

    private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(128);

    private final Random random = new Random(7);
    private final Map<DocumentId, byte[]> leaves = new HashMap<>();
    private final HeadTree tree = new HeadTree();

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Few leading digits, so that some nodes are much deeper than others. */
    private DocumentId document() {
        byte[] id = bytes(random, 32);
        if (random.nextInt(3) == 0) {
            Arrays.fill(id, 0, random.nextInt(6), (byte) 0x5a);
        }
        return DocumentId.of(id);
    }

    private void checkRange(byte... prefix) {
        BigInteger sum = BigInteger.ZERO;
        int count = 0;
        for (Map.Entry<DocumentId, byte[]> leaf : leaves.entrySet()) {
            boolean in = true;
            for (int i = 0; i < prefix.length; i++) {
                int octet = leaf.getKey().bytes()[i / 2];
                in &= (i % 2 == 0 ? octet >> 4 & 15 : octet & 15) == prefix[i];
            }
            if (in) {
                sum = sum.add(new BigInteger(1, Arrays.copyOf(leaf.getValue(), 16)))
                        .mod(MODULUS);
                count++;
            }
        }
        HeadTree.Range range = tree.range(prefix);
        assertThat(range.count()).isEqualTo(count);
        assertThat(new BigInteger(1, range.sum())).isEqualTo(sum);
        assertThat(tree.documents(prefix))
                .hasSize(count)
                .allSatisfy(
                        entry -> assertThat(entry.digest()).isEqualTo(Arrays.copyOf(leaves.get(entry.document()), 16)));
    }

    @Test
    void everyRangeIsTheSumOfItsDocuments() {
        for (int i = 0; i < 6_000; i++) {
            DocumentId document = i % 4 == 3 ? leaves.keySet().iterator().next() : document();
            byte[] leaf = bytes(random, 32);
            leaves.put(document, leaf);
            tree.put(document, leaf);
            if (i % 7 == 0) {
                DocumentId gone = leaves.keySet().iterator().next();
                leaves.remove(gone);
                tree.remove(gone);
                tree.remove(gone);
            }
        }
        checkRange();
        for (byte[] prefix : new byte[][] {{5}, {5, 10}, {5, 10, 5}, {5, 10, 5, 10, 5, 10, 5, 10}, {0}, {15, 15}}) {
            checkRange(prefix);
        }
        assertThat(tree.children(new byte[0]).stream()
                        .mapToLong(HeadTree.Range::count)
                        .sum())
                .isEqualTo(leaves.size());
        leaves.forEach((document, leaf) -> assertThat(tree.digest(document)).isEqualTo(Arrays.copyOf(leaf, 16)));
        assertThat(tree.digest(document())).isNull();
    }

    @Test
    void whatTheWriterPutIsNotReplacedByWhatWasReadBefore() {
        DocumentId document = document();
        byte[] written = bytes(random, 32);
        tree.put(document, written);
        tree.putIfAbsent(document, bytes(random, 32));
        assertThat(tree.digest(document)).isEqualTo(Arrays.copyOf(written, 16));
        assertThat(tree.count()).isEqualTo(1);
    }
}
