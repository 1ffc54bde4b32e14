package dev.pando.replication;

import dev.pando.ipld.Block;
import dev.pando.ipld.CborReader;
import dev.pando.ipld.CborWriter;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DecodeException;
import dev.pando.replication.ReplicateMessage.Ack;
import dev.pando.replication.ReplicateMessage.Batch;
import dev.pando.replication.ReplicateMessage.Changed;
import dev.pando.replication.ReplicateMessage.Done;
import dev.pando.replication.ReplicateMessage.Fragment;
import dev.pando.replication.ReplicateMessage.Hello;
import dev.pando.replication.ReplicateMessage.Offer;
import dev.pando.replication.ReplicateMessage.Offered;
import dev.pando.replication.ReplicateMessage.Outcome;
import dev.pando.replication.ReplicateMessage.Pull;
import dev.pando.replication.ReplicateMessage.Reached;
import dev.pando.replication.ReplicateMessage.Reported;
import dev.pando.replication.ReplicateMessage.Standing;
import dev.pando.replication.ReplicateMessage.Status;
import dev.pando.replication.ReplicateMessage.Want;
import dev.pando.replication.ReplicateMessage.Wanted;
import dev.pando.replication.ReplicateMessage.Welcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Messages as DAG-CBOR lists whose first item names the kind: docs/formats/replicate.md. Decoding is strict and takes
 * memory only for what has arrived.
 */
final class ReplicateCodec {

    /** Bytes of one message; the stream is reset when a peer sends more. */
    static final int MESSAGE_BYTES_MAX = 4 << 20;

    /** Collections in a hello; a longer one is a protocol violation. */
    static final int COLLECTIONS_MAX = 4_096;

    /** Commits in an offer. */
    static final int OFFER_MAX = 4_096;

    /** Shares or pieces of shares in a batch, and outcomes in an acknowledgement. A share takes over 130 bytes. */
    static final int FRAGMENTS_MAX = 16_384;

    /** Blocks in a fragment. */
    static final int BLOCKS_MAX = 65_536;

    /** Characters of a reason; the rest is cut off by its writer. */
    static final int REASON_CHARS_MAX = 512;

    private static final int HELLO = 0;
    private static final int WELCOME = 1;
    private static final int OFFER = 2;
    private static final int WANT = 3;
    private static final int BATCH = 4;
    private static final int ACK = 5;
    private static final int CHANGED = 6;
    private static final int PULL = 7;
    private static final int DONE = 8;

    private ReplicateCodec() {}

    static byte[] encode(ReplicateMessage message) {
        var out = new CborWriter(expectedBytes(message));
        if (HeadsCodec.isOne(message)) {
            HeadsCodec.write(out, message);
        } else if (message instanceof Hello hello) {
            begin(out, 3, HELLO);
            out.writeBytes(hello.log());
            out.startList(hello.collections().size());
            hello.collections().forEach(offered -> write(out, offered));
        } else if (message instanceof Welcome welcome) {
            begin(out, 3, WELCOME);
            out.writeBytes(welcome.log());
            out.startList(welcome.collections().size());
            for (Standing standing : welcome.collections()) {
                out.startList(3);
                out.writeLink(standing.collection());
                out.writeInt(standing.status().ordinal());
                out.writeInt(standing.instance());
            }
        } else if (message instanceof Offer offer) {
            begin(out, 3, OFFER);
            out.writeInt(offer.to());
            out.startList(offer.commits().size());
            offer.commits().forEach(out::writeLink);
        } else if (message instanceof Want want) {
            begin(out, 3, WANT);
            out.writeInt(want.to());
            out.startList(want.lacking().size());
            want.lacking().forEach(out::writeInt);
        } else if (message instanceof Batch batch) {
            begin(out, 3, BATCH);
            out.writeInt(batch.to());
            out.startList(batch.fragments().size());
            batch.fragments().forEach(fragment -> write(out, fragment));
        } else if (message instanceof Ack ack) {
            begin(out, 3, ACK);
            out.writeInt(ack.to());
            out.startList(ack.outcomes().size());
            ack.outcomes().forEach(reported -> write(out, reported));
        } else if (message instanceof Pull pull) {
            begin(out, 3, PULL);
            out.writeBytes(pull.log());
            out.startList(pull.collections().size());
            for (Wanted wanted : pull.collections()) {
                out.startList(3);
                out.writeLink(wanted.collection());
                out.writeBytes(wanted.log());
                out.writeInt(wanted.position());
            }
        } else if (message instanceof Done done) {
            begin(out, 3, DONE);
            out.writeBytes(done.log());
            out.startList(done.collections().size());
            for (Reached reached : done.collections()) {
                out.startList(2);
                out.writeLink(reached.collection());
                out.writeInt(reached.position());
            }
        } else {
            begin(out, 1, CHANGED);
        }
        return out.toByteArray();
    }

    /* A batch is as large as its blocks, and growing to that size would copy it several times. */
    private static int expectedBytes(ReplicateMessage message) {
        int bytes = 256;
        if (message instanceof Batch batch) {
            for (Fragment fragment : batch.fragments()) {
                bytes += 32;
                for (Block block : fragment.blocks()) {
                    bytes += block.bytes().length + 5;
                }
            }
        }
        return bytes;
    }

    private static void begin(CborWriter out, int items, int kind) {
        out.startList(items);
        out.writeInt(kind);
    }

    private static void write(CborWriter out, Offered offered) {
        out.startList(2);
        out.writeLink(offered.collection());
        if (offered.stateHash().isPresent()) {
            out.writeLink(offered.stateHash().get());
        } else {
            out.writeNull();
        }
    }

    private static void write(CborWriter out, Fragment fragment) {
        out.startList(4);
        out.writeInt(fragment.sequence());
        out.writeBool(fragment.more());
        /* Two lists rather than a codec with each block: there are two codecs, and raw blocks come last in a share. */
        List<Block> structured = fragment.blocks().stream()
                .filter(b -> b.cid().codec() == Cid.DAG_CBOR)
                .toList();
        List<Block> raw = fragment.blocks().stream()
                .filter(b -> b.cid().codec() == Cid.RAW)
                .toList();
        for (List<Block> blocks : List.of(structured, raw)) {
            out.startList(blocks.size());
            blocks.forEach(b -> out.writeBytes(b.bytes()));
        }
    }

    private static void write(CborWriter out, Reported reported) {
        out.startList(4);
        out.writeInt(reported.sequence());
        out.writeInt(reported.outcome().ordinal());
        out.writeText(shortened(reported.reason()));
        out.writeInt(reported.atMillis());
    }

    private static String shortened(String reason) {
        if (reason.length() <= REASON_CHARS_MAX) {
            return reason;
        }
        /* Not between the halves of a surrogate pair: half a character has no UTF-8. */
        boolean split = Character.isHighSurrogate(reason.charAt(REASON_CHARS_MAX - 1));
        return reason.substring(0, split ? REASON_CHARS_MAX - 1 : REASON_CHARS_MAX);
    }

    /** @throws DecodeException for anything but one well-formed message */
    static ReplicateMessage decode(byte[] bytes) {
        var in = new CborReader(bytes);
        int items = in.readList();
        long kind = in.readInt();
        if (kind < HeadsCodec.COMPARE && items != (kind == CHANGED ? 1 : 3)) {
            throw new DecodeException("message of kind " + kind + " with " + items + " items");
        }
        ReplicateMessage message = kind >= HeadsCodec.COMPARE ? HeadsCodec.read(in, kind, items) : decode(in, kind);
        in.end();
        return message;
    }

    private static ReplicateMessage decode(CborReader in, long kind) {
        if (kind == HELLO) {
            return new Hello(readLogId(in), readList(in, COLLECTIONS_MAX, ReplicateCodec::readOffered));
        } else if (kind == WELCOME) {
            return new Welcome(readLogId(in), readList(in, COLLECTIONS_MAX, ReplicateCodec::readStanding));
        } else if (kind == OFFER) {
            return new Offer(readSequence(in), readList(in, OFFER_MAX, CborReader::readLink));
        } else if (kind == WANT) {
            return new Want(readSequence(in), readList(in, OFFER_MAX, ReplicateCodec::readIndex));
        } else if (kind == BATCH) {
            return new Batch(readSequence(in), readList(in, FRAGMENTS_MAX, ReplicateCodec::readFragment));
        } else if (kind == ACK) {
            return new Ack(readSequence(in), readList(in, FRAGMENTS_MAX, ReplicateCodec::readReported));
        } else if (kind == CHANGED) {
            return new Changed();
        } else if (kind == PULL) {
            return new Pull(readLogId(in), readList(in, COLLECTIONS_MAX, ReplicateCodec::readWanted));
        } else if (kind == DONE) {
            return new Done(readLogId(in), readList(in, COLLECTIONS_MAX, ReplicateCodec::readReached));
        }
        throw new DecodeException("unknown kind of message " + kind);
    }

    private static byte[] readLogId(CborReader in) {
        byte[] id = in.readBytes();
        if (id.length != 16) {
            throw new DecodeException("a log id has 16 bytes, not " + id.length);
        }
        return id;
    }

    private static long readSequence(CborReader in) {
        long sequence = in.readInt();
        if (sequence < 0) {
            throw new DecodeException("negative sequence " + sequence);
        }
        return sequence;
    }

    private static int readIndex(CborReader in) {
        long index = in.readInt();
        if (index < 0 || index >= OFFER_MAX) {
            throw new DecodeException("index " + index + " into an offer of at most " + OFFER_MAX);
        }
        return (int) index;
    }

    static <T> List<T> readList(CborReader in, int max, Function<CborReader, T> item) {
        int size = in.readList();
        if (size > max) {
            throw new DecodeException("list of " + size + " items, at most " + max + " are taken");
        }
        var list = new ArrayList<T>(Math.min(size, 1_024));
        for (int i = 0; i < size; i++) {
            list.add(item.apply(in));
        }
        return list;
    }

    private static Offered readOffered(CborReader in) {
        in.expectList(2);
        Cid collection = in.readLink();
        if (in.peek() == CborReader.Type.NULL) {
            in.readNull();
            return new Offered(collection, Optional.empty());
        }
        return new Offered(collection, Optional.of(in.readLink()));
    }

    private static Standing readStanding(CborReader in) {
        in.expectList(3);
        return new Standing(in.readLink(), readEnum(in, Status.values()), in.readInt());
    }

    private static Wanted readWanted(CborReader in) {
        in.expectList(3);
        return new Wanted(in.readLink(), readLogId(in), readSequence(in));
    }

    private static Reached readReached(CborReader in) {
        in.expectList(2);
        return new Reached(in.readLink(), readSequence(in));
    }

    private static Fragment readFragment(CborReader in) {
        in.expectList(4);
        long sequence = readSequence(in);
        boolean more = in.readBool();
        var blocks = new ArrayList<Block>();
        for (long codec : new long[] {Cid.DAG_CBOR, Cid.RAW}) {
            for (byte[] bytes : readList(in, BLOCKS_MAX, CborReader::readBytes)) {
                blocks.add(Block.of(codec, bytes));
            }
        }
        if (blocks.isEmpty()) {
            throw new DecodeException("a fragment without blocks");
        }
        return new Fragment(sequence, more, blocks);
    }

    private static Reported readReported(CborReader in) {
        in.expectList(4);
        long sequence = readSequence(in);
        Outcome outcome = readEnum(in, Outcome.values());
        String reason = in.readText();
        if (reason.length() > REASON_CHARS_MAX) {
            throw new DecodeException("a reason of " + reason.length() + " characters");
        }
        return new Reported(sequence, outcome, reason, in.readInt());
    }

    private static <E> E readEnum(CborReader in, E[] values) {
        long ordinal = in.readInt();
        if (ordinal < 0 || ordinal >= values.length) {
            throw new DecodeException("value " + ordinal + ", expected 0 to " + (values.length - 1));
        }
        return values[(int) ordinal];
    }
}
