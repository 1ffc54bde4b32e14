package dev.pando.dag;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.ColumnType.Family;
import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/** Whatever is done to a share on its way, what verifies is a part of what its author signed. */
class ShareFuzzTest {

    private static final VerifiedShare SHARE = share();

    private static VerifiedShare share() {
        CommitBuilder builder = new CommitBuilder(5, Signer.of(Made.ALICE));
        for (int i = 0; i < 70; i++) {
            builder.add(Made.insert(i, 5, i, Map.of("n:int:set", Made.set(Family.INT, (long) i))));
        }
        return builder.build();
    }

    @Property(tries = 400)
    void nothingButWhatWasSignedVerifies(@ForAll @LongRange(min = 0) long seed) {
        Random random = new Random(seed);
        List<Block> blocks = new ArrayList<>(SHARE.blocks());
        for (int left = random.nextInt(3); left >= 0; left--) {
            int at = random.nextInt(blocks.size());
            switch (random.nextInt(4)) {
                case 0 -> blocks.set(at, changed(blocks.get(at), random, false));
                case 1 -> blocks.set(at, changed(blocks.get(at), random, true));
                case 2 -> blocks.remove(at);
                default -> blocks.add(blocks.get(at));
            }
        }
        ShareOutcome outcome = ShareVerifier.verify(blocks.get(0), blocks.subList(1, blocks.size()));
        if (outcome instanceof VerifiedShare verified) {
            assertThat(verified.cid()).isEqualTo(SHARE.cid());
            assertThat(SHARE.blocks()).containsAll(verified.blocks());
            assertThat(verified.parts().get(0).complete())
                    .isEqualTo(verified.deltas().size() == 70);
        }
    }

    private static Block changed(Block block, Random random, boolean rehashed) {
        byte[] bytes = block.bytes().clone();
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(255));
        return rehashed ? Block.of(Cid.DAG_CBOR, bytes) : new Block(block.cid(), bytes);
    }
}
