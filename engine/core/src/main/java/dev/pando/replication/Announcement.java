package dev.pando.replication;

import dev.pando.ipld.Block;
import dev.pando.ipld.CborReader;
import dev.pando.ipld.CborWriter;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DecodeException;
import java.util.ArrayList;
import java.util.List;

/**
 * What is published of a commit on a collection's topic: its block, and the collection's part of it with its proof, when
 * that is small enough; else the commit's block alone, and who wants the rest asks for it. Wire form:
 * docs/formats/announcement.md.
 *
 * @param blocks the commit's block first, then lists, deltas and raw blocks
 */
record Announcement(boolean whole, List<Block> blocks) {

    /** Bytes of blocks that travel with an announcement; a larger share is only named. */
    static final int INLINE_BYTES_MAX = 64 << 10;

    /** Blocks in one announcement; a longer list is malformed. */
    private static final int BLOCKS_MAX = 4_096;

    private static final int VERSION = 1;

    static Announcement of(List<Block> share) {
        long bytes = share.stream().mapToLong(b -> b.bytes().length).sum();
        boolean whole = bytes <= INLINE_BYTES_MAX && share.size() <= BLOCKS_MAX;
        return new Announcement(whole, whole ? share : share.subList(0, 1));
    }

    byte[] encode() {
        var out = new CborWriter(512);
        out.startList(3);
        out.writeInt(VERSION);
        for (long codec : new long[] {Cid.DAG_CBOR, Cid.RAW}) {
            List<Block> of =
                    blocks.stream().filter(b -> b.cid().codec() == codec).toList();
            out.startList(of.size());
            of.forEach(b -> out.writeBytes(b.bytes()));
        }
        return out.toByteArray();
    }

    /** @throws DecodeException when the bytes are not an announcement of this version */
    static Announcement decode(byte[] bytes) {
        var in = new CborReader(bytes);
        in.expectList(3);
        long version = in.readInt();
        if (version != VERSION) {
            throw new DecodeException("an announcement of version " + version);
        }
        var blocks = new ArrayList<Block>();
        for (long codec : new long[] {Cid.DAG_CBOR, Cid.RAW}) {
            int size = in.readList();
            if (size > BLOCKS_MAX) {
                throw new DecodeException("an announcement of " + size + " blocks");
            }
            for (int i = 0; i < size; i++) {
                blocks.add(Block.of(codec, in.readBytes()));
            }
        }
        in.end();
        if (blocks.isEmpty()) {
            throw new DecodeException("an announcement without blocks");
        }
        return new Announcement(blocks.size() > 1, blocks);
    }
}
