package dev.pando.replication;

import dev.pando.DocumentId;
import dev.pando.ipld.Block;
import dev.pando.ipld.CborReader;
import dev.pando.ipld.CborWriter;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DecodeException;
import dev.pando.libp2p.PeerId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The messages of {@code /pando/documents/1.0.0} and of query topics: docs/formats/announcement.md. */
sealed interface DocumentMessage {

    /** Documents in one message; a longer list is malformed. */
    int DOCUMENTS_MAX = 256;

    /** Heads told of one document; the greatest are told where there are more. */
    int HEADS_MAX = 256;

    /** Blocks of each of the two kinds in one message. */
    int BLOCKS_MAX = 4_096;

    /** Bytes of one message. */
    int MESSAGE_BYTES_MAX = 4 << 20;

    /** Asker, first on its stream: what do you have of these that is not below these heads? */
    record Ask(Cid collection, SortedMap<DocumentId, List<Cid>> heads) implements DocumentMessage {}

    /** Answer: a share, or a piece of one; {@code more} when the next message goes on with it. */
    record Share(boolean more, List<Block> blocks) implements DocumentMessage {}

    /** Answer, last. */
    record End(Status status) implements DocumentMessage {}

    /** First on a stream, and not answered: I have these heads, of what you asked for. */
    record Newer(Cid collection, SortedMap<DocumentId, List<Cid>> heads) implements DocumentMessage {}

    /**
     * On a query topic: who has newer heads of these?
     *
     * @param nonce makes the same question later another message
     */
    record Query(PeerId asker, byte[] nonce, Cid collection, SortedMap<DocumentId, List<Cid>> heads)
            implements DocumentMessage {}

    enum Status {
        /** That was all. */
        DONE,
        /** No such table here, or you may not read it. */
        REFUSED
    }

    static byte[] encode(DocumentMessage message) {
        var out = new CborWriter(256);
        if (message instanceof Ask ask) {
            begin(out, 3, 0);
            write(out, ask.collection(), ask.heads());
        } else if (message instanceof Share share) {
            begin(out, 4, 1);
            out.writeBool(share.more());
            write(out, share.blocks());
        } else if (message instanceof End end) {
            begin(out, 2, 2);
            out.writeInt(end.status().ordinal());
        } else if (message instanceof Newer newer) {
            begin(out, 3, 3);
            write(out, newer.collection(), newer.heads());
        } else if (message instanceof Query query) {
            begin(out, 5, 4);
            out.writeBytes(query.asker().toBytes());
            out.writeBytes(query.nonce());
            write(out, query.collection(), query.heads());
        }
        return out.toByteArray();
    }

    private static void begin(CborWriter out, int items, int kind) {
        out.startList(items);
        out.writeInt(kind);
    }

    private static void write(CborWriter out, Cid collection, Map<DocumentId, List<Cid>> heads) {
        out.writeLink(collection);
        out.startList(heads.size());
        heads.forEach((document, of) -> {
            out.startList(2);
            out.writeBytes(document.bytes());
            List<Cid> told = of.subList(0, Math.min(of.size(), HEADS_MAX));
            out.startList(told.size());
            told.forEach(out::writeLink);
        });
    }

    private static void write(CborWriter out, List<Block> blocks) {
        for (long codec : new long[] {Cid.DAG_CBOR, Cid.RAW}) {
            List<Block> of =
                    blocks.stream().filter(b -> b.cid().codec() == codec).toList();
            out.startList(of.size());
            of.forEach(b -> out.writeBytes(b.bytes()));
        }
    }

    /** @throws DecodeException for anything but one well-formed message */
    static DocumentMessage decode(byte[] bytes) {
        var in = new CborReader(bytes);
        int items = in.readList();
        long kind = in.readInt();
        int[] expected = {3, 4, 2, 3, 5};
        if (kind < 0 || kind >= expected.length || items != expected[(int) kind]) {
            throw new DecodeException("a message of kind " + kind + " with " + items + " items");
        }
        DocumentMessage message = switch ((int) kind) {
            case 0 -> new Ask(in.readLink(), readHeads(in));
            case 1 -> new Share(in.readBool(), readBlocks(in));
            case 2 -> new End(readStatus(in));
            case 3 -> new Newer(in.readLink(), readHeads(in));
            default -> new Query(readPeer(in), in.readBytes(), in.readLink(), readHeads(in));
        };
        in.end();
        return message;
    }

    private static PeerId readPeer(CborReader in) {
        try {
            return PeerId.fromBytes(in.readBytes());
        } catch (IllegalArgumentException e) {
            throw new DecodeException("no Peer ID: " + e.getMessage(), e);
        }
    }

    private static Status readStatus(CborReader in) {
        long status = in.readInt();
        if (status < 0 || status >= Status.values().length) {
            throw new DecodeException("status " + status);
        }
        return Status.values()[(int) status];
    }

    private static SortedMap<DocumentId, List<Cid>> readHeads(CborReader in) {
        var heads = new TreeMap<DocumentId, List<Cid>>();
        int size = size(in.readList(), DOCUMENTS_MAX, "documents");
        for (int i = 0; i < size; i++) {
            in.expectList(2);
            byte[] document = in.readBytes();
            if (document.length != DocumentId.BYTES) {
                throw new DecodeException("a document id of " + document.length + " bytes");
            }
            var of = new ArrayList<Cid>();
            for (int left = size(in.readList(), HEADS_MAX, "heads"); left > 0; left--) {
                of.add(in.readLink());
            }
            heads.put(DocumentId.of(document), List.copyOf(of));
        }
        return heads;
    }

    private static List<Block> readBlocks(CborReader in) {
        var blocks = new ArrayList<Block>();
        for (long codec : new long[] {Cid.DAG_CBOR, Cid.RAW}) {
            for (int left = size(in.readList(), BLOCKS_MAX, "blocks"); left > 0; left--) {
                blocks.add(Block.of(codec, in.readBytes()));
            }
        }
        if (blocks.isEmpty()) {
            throw new DecodeException("a share without blocks");
        }
        return blocks;
    }

    private static int size(int size, int max, String what) {
        if (size > max) {
            throw new DecodeException(size + " " + what + " in one message, at most " + max);
        }
        return size;
    }

    /** Groups keys by collection, in lists short enough for one message. */
    static Map<Cid, List<List<DocumentId>>> grouped(Iterable<DocumentKey> keys) {
        var grouped = new LinkedHashMap<Cid, List<List<DocumentId>>>();
        for (DocumentKey key : keys) {
            List<List<DocumentId>> of = grouped.computeIfAbsent(key.collection(), c -> new ArrayList<>());
            if (of.isEmpty() || of.get(of.size() - 1).size() >= DOCUMENTS_MAX) {
                of.add(new ArrayList<>());
            }
            of.get(of.size() - 1).add(key.document());
        }
        return grouped;
    }
}
