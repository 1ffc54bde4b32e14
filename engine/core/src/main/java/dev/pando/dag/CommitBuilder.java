package dev.pando.dag;

import dev.pando.PandoException;
import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Makes the blocks of one commit: encodes its deltas, builds the lists over them and signs. One thread at a time. */
public final class CommitBuilder {

    private static final Comparator<DecodedDelta> BY_DOCUMENT =
            Comparator.comparing(decoded -> decoded.delta().document());

    private final long hlc;
    private final Signer signer;
    private final SortedMap<Cid, List<DecodedDelta>> deltas = new TreeMap<>();
    private final Map<Cid, Block> raw = new LinkedHashMap<>();
    private int documents;
    private long bytes;

    public CommitBuilder(long hlc, Signer signer) {
        this.hlc = hlc;
        this.signer = signer;
    }

    /**
     * Adds a delta of this commit's clock and author; one for a document.
     *
     * @throws PandoException {@code LIMIT_EXCEEDED} when a block or the commit becomes too large
     */
    public CommitBuilder add(Delta delta) {
        return add(encode(delta));
    }

    /** A delta with the block that it makes: the part of the work that other threads may do. */
    public static DecodedDelta encode(Delta delta) {
        Block block = Block.of(Cid.DAG_CBOR, delta.encode());
        return new DecodedDelta(block.cid(), delta, block);
    }

    /** As {@link #add(Delta)}, of what {@link #encode} made. */
    public CommitBuilder add(DecodedDelta decoded) {
        Delta delta = decoded.delta();
        Block block = decoded.block();
        if (block.bytes().length > Commit.BLOCK_BYTES_MAX) {
            throw tooLarge("the change of document " + delta.document() + " takes " + block.bytes().length
                    + " bytes; a block has at most " + Commit.BLOCK_BYTES_MAX);
        }
        if (++documents > Commit.DOCUMENTS_MAX) {
            throw tooLarge("a transaction changes at most " + Commit.DOCUMENTS_MAX + " documents");
        }
        count(block);
        deltas.computeIfAbsent(delta.collection(), collection -> new ArrayList<>())
                .add(decoded);
        return this;
    }

    /** Adds the raw blocks of a {@link LargeValue} that some delta links. */
    public CommitBuilder addRaw(List<Block> blocks) {
        for (Block block : blocks) {
            if (raw.put(block.cid(), block) == null) {
                count(block);
            }
        }
        return this;
    }

    /** Signs and returns all blocks. The builder is of no use afterwards. */
    public VerifiedShare build() {
        SortedMap<Cid, Part> parts = new TreeMap<>();
        List<SharePart> shareParts = new ArrayList<>();
        deltas.forEach((collection, ofCollection) -> {
            ofCollection.sort(BY_DOCUMENT);
            checkDistinct(ofCollection);
            List<Block> lists = new ArrayList<>();
            Part part = new Part(ofCollection.size(), root(ofCollection, lists));
            lists.forEach(this::count);
            parts.put(collection, part);
            shareParts.add(new SharePart(collection, part, List.copyOf(lists), List.copyOf(ofCollection), true));
        });
        byte[] author = signer.author();
        CommitCodec.Unsigned unsigned = CommitCodec.Unsigned.of(hlc, author, parts);
        byte[] signature = signer.sign(unsigned.message());
        Commit commit = new Commit(hlc, author, parts, signature);
        Block block = Block.of(Cid.DAG_CBOR, unsigned.with(signature));
        if (block.bytes().length > Commit.BLOCK_BYTES_MAX) {
            throw tooLarge("a transaction changes too many tables: " + parts.size());
        }
        count(block);
        if (signer instanceof IdentitySigner) {
            KnownCommits.add(block.cid());
        }
        return new VerifiedShare(block, commit, shareParts, List.copyOf(raw.values()));
    }

    /** Builds level over level until one root is left; adds the lists from the root down. */
    private static Cid root(List<DecodedDelta> sorted, List<Block> lists) {
        List<Cid> level = new ArrayList<>(sorted.size());
        sorted.forEach(delta -> level.add(delta.cid()));
        List<Cid> links = level;
        while (links.size() > 1) {
            List<Block> upper = new ArrayList<>();
            List<Cid> cids = new ArrayList<>();
            for (int at = 0; at < links.size(); at += ListBlock.LINKS_MAX) {
                List<Cid> some = links.subList(at, Math.min(links.size(), at + ListBlock.LINKS_MAX));
                Block block = Block.of(Cid.DAG_CBOR, new ListBlock(some).encode());
                upper.add(block);
                cids.add(block.cid());
            }
            lists.addAll(0, upper);
            links = cids;
        }
        return links.get(0);
    }

    private void count(Block block) {
        bytes += block.bytes().length;
        if (bytes > Commit.BYTES_MAX) {
            throw tooLarge("a transaction has at most " + Commit.BYTES_MAX + " bytes of blocks");
        }
    }

    private static void checkDistinct(List<DecodedDelta> sorted) {
        for (int i = 1; i < sorted.size(); i++) {
            if (BY_DOCUMENT.compare(sorted.get(i - 1), sorted.get(i)) == 0) {
                throw new IllegalStateException(
                        "two deltas for document " + sorted.get(i).delta().document());
            }
        }
    }

    private static PandoException tooLarge(String message) {
        return new PandoException(PandoException.Kind.LIMIT_EXCEEDED, message);
    }
}
