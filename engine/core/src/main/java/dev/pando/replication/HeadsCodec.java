package dev.pando.replication;

import dev.pando.DocumentId;
import dev.pando.ipld.CborReader;
import dev.pando.ipld.CborWriter;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DecodeException;
import dev.pando.replication.ReplicateMessage.Ask;
import dev.pando.replication.ReplicateMessage.Compare;
import dev.pando.replication.ReplicateMessage.Documents;
import dev.pando.replication.ReplicateMessage.Inner;
import dev.pando.replication.ReplicateMessage.Lacking;
import dev.pando.replication.ReplicateMessage.Lacks;
import dev.pando.replication.ReplicateMessage.Tell;
import dev.pando.replication.ReplicateMessage.Told;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The messages of a head exchange: docs/formats/replicate.md. */
final class HeadsCodec {

    /** Ranges in one question; the next go into another. */
    static final int RANGES_MAX = 1_024;

    /** Documents told of one range; a sender that says more breaks the protocol. */
    static final int DOCUMENTS_MAX = 64;

    /** Documents in one message of what is lacking. */
    static final int LACKING_MAX = 4_096;

    static final int COMPARE = 9;
    static final int ASK = 10;
    static final int TELL = 11;
    static final int LACKS = 12;

    private static final int INNER = 0;
    private static final int DOCUMENTS = 1;

    private HeadsCodec() {}

    static boolean isOne(ReplicateMessage message) {
        return message instanceof Compare
                || message instanceof Ask
                || message instanceof Tell
                || message instanceof Lacks;
    }

    static void write(CborWriter out, ReplicateMessage message) {
        if (message instanceof Compare compare) {
            begin(out, COMPARE, compare.round());
            out.startList(compare.collections().size());
            compare.collections().forEach(out::writeLink);
        } else if (message instanceof Ask ask) {
            begin(out, ASK, ask.round());
            out.writeLink(ask.collection());
            out.startList(ask.prefixes().size());
            ask.prefixes().forEach(out::writeBytes);
        } else if (message instanceof Tell tell) {
            begin(out, TELL, tell.round());
            out.writeLink(tell.collection());
            out.startList(tell.ranges().size());
            tell.ranges().forEach(told -> write(out, told));
        } else if (message instanceof Lacks lacks) {
            begin(out, LACKS, lacks.round());
            out.writeLink(lacks.collection());
            out.writeBool(lacks.all());
            out.writeBool(lacks.last());
            out.startList(lacks.documents().size());
            for (Lacking lacking : lacks.documents()) {
                out.startList(2);
                out.writeBytes(lacking.document().bytes());
                out.startList(lacking.heads().size());
                lacking.heads().forEach(out::writeLink);
            }
        }
    }

    private static int items(long kind) {
        return switch ((int) kind) {
            case COMPARE -> 3;
            case LACKS -> 6;
            default -> 4;
        };
    }

    private static void begin(CborWriter out, int kind, long round) {
        out.startList(items(kind));
        out.writeInt(kind);
        out.writeInt(round);
    }

    private static void write(CborWriter out, Told told) {
        out.startList(2);
        if (told instanceof Inner inner) {
            out.writeInt(INNER);
            out.startList(inner.children().size());
            for (HeadTree.Range child : inner.children()) {
                if (child.count() == 0) {
                    out.writeNull();
                } else {
                    out.startList(2);
                    out.writeInt(child.count());
                    out.writeBytes(child.sum());
                }
            }
        } else if (told instanceof Documents documents) {
            out.writeInt(DOCUMENTS);
            out.startList(documents.documents().size());
            for (HeadTree.Entry entry : documents.documents()) {
                byte[] both = Arrays.copyOf(entry.document().bytes(), DocumentId.BYTES + HeadTree.DIGEST_BYTES);
                System.arraycopy(entry.digest(), 0, both, DocumentId.BYTES, HeadTree.DIGEST_BYTES);
                out.writeBytes(both);
            }
        }
    }

    /** @throws DecodeException for anything but one well-formed message */
    static ReplicateMessage read(CborReader in, long kind, int size) {
        if (kind < COMPARE || kind > LACKS || size != items(kind)) {
            throw new DecodeException("message of kind " + kind + " with " + size + " items");
        }
        long round = in.readInt();
        if (kind == COMPARE) {
            return new Compare(
                    round, ReplicateCodec.readList(in, ReplicateCodec.COLLECTIONS_MAX, CborReader::readLink));
        }
        Cid collection = in.readLink();
        if (kind == ASK) {
            return new Ask(round, collection, ReplicateCodec.readList(in, RANGES_MAX, HeadsCodec::readPrefix));
        } else if (kind == TELL) {
            return new Tell(round, collection, ReplicateCodec.readList(in, RANGES_MAX, HeadsCodec::readTold));
        }
        return new Lacks(
                round,
                collection,
                in.readBool(),
                in.readBool(),
                ReplicateCodec.readList(in, LACKING_MAX, HeadsCodec::readLacking));
    }

    private static byte[] readPrefix(CborReader in) {
        byte[] prefix = in.readBytes();
        if (prefix.length > 2 * DocumentId.BYTES) {
            throw new DecodeException("a range of " + prefix.length + " digits");
        }
        for (byte digit : prefix) {
            if (digit < 0 || digit >= HeadTree.FANOUT) {
                throw new DecodeException("a hexadecimal digit of value " + digit);
            }
        }
        return prefix;
    }

    private static Told readTold(CborReader in) {
        in.expectList(2);
        long kind = in.readInt();
        if (kind == DOCUMENTS) {
            return new Documents(ReplicateCodec.readList(in, DOCUMENTS_MAX, HeadsCodec::readEntry));
        }
        if (kind != INNER) {
            throw new DecodeException("told of a range in kind " + kind);
        }
        in.expectList(HeadTree.FANOUT);
        List<HeadTree.Range> children = new ArrayList<>(HeadTree.FANOUT);
        for (int i = 0; i < HeadTree.FANOUT; i++) {
            children.add(readRange(in));
        }
        return new Inner(children);
    }

    private static HeadTree.Range readRange(CborReader in) {
        if (in.peek() == CborReader.Type.NULL) {
            in.readNull();
            return new HeadTree.Range(0, new byte[HeadTree.DIGEST_BYTES]);
        }
        in.expectList(2);
        long count = in.readInt();
        byte[] sum = in.readBytes();
        if (count <= 0 || sum.length != HeadTree.DIGEST_BYTES) {
            throw new DecodeException("a range of " + count + " documents with a sum of " + sum.length + " bytes");
        }
        return new HeadTree.Range(count, sum);
    }

    private static HeadTree.Entry readEntry(CborReader in) {
        byte[] both = in.readBytes();
        if (both.length != DocumentId.BYTES + HeadTree.DIGEST_BYTES) {
            throw new DecodeException("a document told in " + both.length + " bytes");
        }
        return new HeadTree.Entry(
                DocumentId.of(Arrays.copyOf(both, DocumentId.BYTES)),
                Arrays.copyOfRange(both, DocumentId.BYTES, both.length));
    }

    private static Lacking readLacking(CborReader in) {
        in.expectList(2);
        byte[] id = in.readBytes();
        if (id.length != DocumentId.BYTES) {
            throw new DecodeException("a document id of " + id.length + " bytes");
        }
        return new Lacking(
                DocumentId.of(id), ReplicateCodec.readList(in, HeadExchange.HEADS_MAX, CborReader::readLink));
    }
}
