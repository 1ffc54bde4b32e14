package dev.pando.dag;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.ColumnType.Family;
import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShareVerifierTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 64, 65, 128, 4096, 4097, 5000})
    void wholePartsOfEverySizeVerify(int documents) {
        VerifiedShare made = share(documents);
        List<Block> blocks =
                new ArrayList<>(made.blocks().subList(1, made.blocks().size()));
        java.util.Collections.shuffle(blocks, new java.util.Random(documents));
        VerifiedShare read = verified(ShareVerifier.verify(made.commitBlock(), blocks));
        assertThat(read.blocks()).isEqualTo(made.blocks());
        assertThat(read.parts().get(0).complete()).isTrue();
        assertThat(read.deltas()).hasSize(documents);
    }

    @Test
    void chosenDocumentsVerifyWithTheirLists() {
        VerifiedShare made = share(5000);
        Map<Cid, byte[]> all = new TreeMap<>();
        made.blocks().forEach(block -> all.put(block.cid(), block.bytes()));
        Set<dev.pando.DocumentId> chosen = new HashSet<>();
        for (int i = 0; i < 5000; i += 999) {
            chosen.add(Made.document(i));
        }
        chosen.add(Made.document(1_000_000));
        List<Block> blocks = ShareAssembler.chosen(made.commit(), Made.BOOKS, chosen, all::get);
        assertThat(blocks.size()).isLessThan(1 + 6 * 4);
        VerifiedShare read = verified(ShareVerifier.verify(made.commitBlock(), blocks));
        assertThat(read.parts().get(0).complete()).isFalse();
        assertThat(read.deltas()).hasSize(6);
        assertThat(ShareAssembler.whole(made.commit(), Made.BOOKS, all::get))
                .isEqualTo(made.blocks().subList(1, made.blocks().size()));
    }

    @Test
    void ofSeveralCollectionsOneIsEnough() {
        Delta other = other(7);
        VerifiedShare made = new CommitBuilder(5, Signer.of(Made.ALICE))
                .add(Made.insert(1, 5, 1, Map.of()))
                .add(other)
                .build();
        VerifiedShare read = verified(ShareVerifier.verify(
                made.commitBlock(), List.of(Made.decoded(other).block())));
        assertThat(read.parts()).hasSize(1);
        assertThat(read.commit().parts()).hasSize(2);
    }

    @Test
    void aWrongHashIsChargedToTheSenderOnly() {
        VerifiedShare made = share(2);
        List<Block> blocks = new ArrayList<>(made.blocks().subList(1, 4));
        Block delta = blocks.get(2);
        byte[] bytes = delta.bytes().clone();
        bytes[bytes.length - 1] ^= 1;
        blocks.set(2, new Block(delta.cid(), bytes));
        ShareOutcome.Invalid invalid = (ShareOutcome.Invalid) ShareVerifier.verify(made.commitBlock(), blocks);
        assertThat(invalid.block()).isNull();
    }

    @Test
    void blocksThatDoNotBelongAreRefused() {
        VerifiedShare made = share(2);
        List<Block> blocks = new ArrayList<>(made.blocks().subList(1, 4));
        blocks.add(Made.decoded(Made.insert(77, 5, 1, Map.of())).block());
        ShareOutcome.Invalid invalid = (ShareOutcome.Invalid) ShareVerifier.verify(made.commitBlock(), blocks);
        assertThat(invalid.block()).isNull();
        assertThat(ShareVerifier.verify(made.commitBlock(), List.of())).isInstanceOf(ShareOutcome.Invalid.class);
    }

    @Test
    void aForgedCommitIsItsOwnFault() {
        VerifiedShare made = share(1);
        Commit commit = made.commit();
        byte[] signature = Made.BOB.sign(commit.signedBytes());
        invalidCommit(new Commit(commit.hlc(), commit.author(), commit.parts(), signature), made);
        byte[] withoutDomain = Arrays.copyOfRange(commit.signedBytes(), 15, commit.signedBytes().length);
        invalidCommit(new Commit(commit.hlc(), commit.author(), commit.parts(), Made.ALICE.sign(withoutDomain)), made);
        // Bob signs for Alice's delta: nobody can claim another's.
        byte[] bob = Made.BOB.publicKey().raw();
        Commit claimed = new Commit(commit.hlc(), bob, commit.parts(), new byte[64]);
        invalidCommit(new Commit(commit.hlc(), bob, commit.parts(), Made.BOB.sign(claimed.signedBytes())), made);
        Commit later = new Commit(commit.hlc() + 1, commit.author(), commit.parts(), new byte[64]);
        invalidCommit(
                new Commit(later.hlc(), commit.author(), commit.parts(), Made.ALICE.sign(later.signedBytes())), made);
    }

    @Test
    void whatASignerMadeIsTakenForRightOnlyWhenTheKeyIsTheAuthors() {
        var claiming = new Signer() {
            @Override
            public byte[] author() {
                return Made.ALICE.publicKey().raw();
            }

            @Override
            public byte[] sign(byte[] message) {
                return Made.BOB.sign(message);
            }
        };
        Delta delta = share(1).deltas().get(0).delta();
        VerifiedShare made = new CommitBuilder(delta.hlc(), claiming).add(delta).build();
        for (int i = 0; i < 2; i++) {
            assertThat(ShareVerifier.verify(
                            made.commitBlock(),
                            made.blocks().subList(1, made.blocks().size())))
                    .isInstanceOf(ShareOutcome.Invalid.class);
        }
    }

    @Test
    void aListOfAnotherShapeIsTheCommitsFault() {
        VerifiedShare made = share(65);
        List<DecodedDelta> deltas = made.deltas();
        List<Block> lists = new ArrayList<>();
        // 1 + 64 instead of 64 + 1.
        lists.add(list(deltas.subList(0, 1)));
        lists.add(list(deltas.subList(1, 65)));
        Block root = Block.of(
                Cid.DAG_CBOR,
                new ListBlock(List.of(lists.get(0).cid(), lists.get(1).cid())).encode());
        List<Block> blocks = new ArrayList<>(lists);
        blocks.add(root);
        deltas.forEach(delta -> blocks.add(delta.block()));
        SortedMap<Cid, Part> parts = new TreeMap<>(Map.of(Made.BOOKS, new Part(65, root.cid())));
        Block commit = signed(5, parts);
        assertThat(((ShareOutcome.Invalid) ShareVerifier.verify(commit, blocks)).block())
                .isEqualTo(commit.cid());
    }

    @Test
    void documentsAscendInTheirList() {
        List<DecodedDelta> deltas = new ArrayList<>(share(2).deltas());
        java.util.Collections.reverse(deltas);
        Block root = list(deltas);
        Block commit = signed(5, new TreeMap<>(Map.of(Made.BOOKS, new Part(2, root.cid()))));
        List<Block> blocks = List.of(root, deltas.get(0).block(), deltas.get(1).block());
        assertThat(ShareVerifier.verify(commit, blocks)).isInstanceOf(ShareOutcome.Discordant.class);
        for (DecodedDelta one : deltas) {
            verified(ShareVerifier.verify(commit, List.of(root, one.block())));
        }
        Block twice = list(List.of(deltas.get(0), deltas.get(0)));
        Block commitTwice = signed(5, new TreeMap<>(Map.of(Made.BOOKS, new Part(2, twice.cid()))));
        assertThat(ShareVerifier.verify(
                        commitTwice, List.of(twice, deltas.get(0).block())))
                .isInstanceOf(ShareOutcome.Discordant.class);
    }

    @Test
    void largeValuesComeAlong() {
        List<Block> raw = new ArrayList<>();
        Value value = LargeValue.split(new byte[300_000], raw).toValue();
        VerifiedShare made = new CommitBuilder(5, Signer.of(Made.ALICE))
                .add(Made.insert(1, 5, 1, Map.of("b:bytes:set", new FieldOp.SetValue(value))))
                .addRaw(raw)
                .build();
        List<Block> blocks = made.blocks().subList(1, made.blocks().size());
        assertThat(verified(ShareVerifier.verify(made.commitBlock(), blocks)).raw())
                .isEqualTo(raw);
        List<Block> lacking = new ArrayList<>(blocks);
        lacking.remove(raw.get(1));
        assertThat(ShareVerifier.verify(made.commitBlock(), lacking))
                .isEqualTo(new ShareOutcome.Lacking(List.of(raw.get(1).cid())));
    }

    @Test
    void aLargeTextIsUtf8() {
        List<Block> raw = new ArrayList<>();
        Value value = LargeValue.split(Made.filled(70_000, 0xff), raw).toValue();
        VerifiedShare made = new CommitBuilder(5, Signer.of(Made.ALICE))
                .add(Made.insert(1, 5, 1, Map.of("t:text:set", new FieldOp.SetValue(value))))
                .addRaw(raw)
                .build();
        ShareOutcome outcome =
                ShareVerifier.verify(made.commitBlock(), made.blocks().subList(1, 3));
        assertThat(((ShareOutcome.Invalid) outcome).block())
                .isEqualTo(made.deltas().get(0).cid());
    }

    private static void invalidCommit(Commit commit, VerifiedShare made) {
        Block block = Block.of(Cid.DAG_CBOR, commit.encode());
        ShareOutcome outcome =
                ShareVerifier.verify(block, List.of(made.deltas().get(0).block()));
        assertThat(((ShareOutcome.Invalid) outcome).block()).isEqualTo(block.cid());
    }

    private static Block signed(long hlc, SortedMap<Cid, Part> parts) {
        byte[] author = Made.ALICE.publicKey().raw();
        Commit unsigned = new Commit(hlc, author, parts, new byte[64]);
        Commit commit = new Commit(hlc, author, parts, Made.ALICE.sign(unsigned.signedBytes()));
        return Block.of(Cid.DAG_CBOR, commit.encode());
    }

    private static Block list(List<DecodedDelta> deltas) {
        return Block.of(
                Cid.DAG_CBOR,
                new ListBlock(deltas.stream().map(DecodedDelta::cid).toList()).encode());
    }

    private static VerifiedShare share(int documents) {
        CommitBuilder builder = new CommitBuilder(5, Signer.of(Made.ALICE));
        for (int i = 0; i < documents; i++) {
            builder.add(Made.insert(i, 5, 1, Map.of("n:int:set", Made.set(Family.INT, (long) i))));
        }
        return builder.build();
    }

    private static Delta other(long id) {
        Cid collection = Cid.ofSha256(Cid.DAG_CBOR, new byte[] {2});
        SortedMap<String, Value> key = Made.key(id);
        return new Delta(
                collection,
                Delta.documentId(collection, key),
                key,
                List.of(),
                null,
                5,
                Made.ALICE.publicKey().raw(),
                Made.filled(16, 1),
                Live.INSERT,
                Made.ops(Map.of()));
    }

    private static VerifiedShare verified(ShareOutcome outcome) {
        assertThat(outcome).isInstanceOf(VerifiedShare.class);
        return (VerifiedShare) outcome;
    }
}
