package dev.pando.replication;

import dev.pando.ipld.CborReader;
import dev.pando.ipld.CborWriter;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DecodeException;
import dev.pando.libp2p.Host;
import dev.pando.libp2p.MessageStream;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.Stream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiPredicate;
import java.util.function.Consumer;

/**
 * {@code /pando/definitions/1.0.0}: one node asks another what CREATE said of some tables, and tells a peer that pushes a
 * table why it is not there. Thread-safe.
 */
final class DefinitionExchange {

    static final String PROTOCOL = "/pando/definitions/1.0.0";

    /** Tables in one message; a longer list is malformed. */
    static final int TABLES_MAX = 256;

    /** Bytes of one message; definitions that do not fit are left out. */
    static final int MESSAGE_BYTES_MAX = 4 << 20;

    /** Characters of a reason; the rest is cut off. */
    static final int REASON_CHARS_MAX = 512;

    /** A peer that does nothing for so long is given up. */
    static final Duration IDLE = Duration.ofSeconds(30);

    private static final System.Logger LOG = System.getLogger(DefinitionExchange.class.getName());

    private static final int ASK = 0;
    private static final int ANSWER = 1;
    private static final int NOT_HELD = 2;

    /** A message. */
    sealed interface Message {}

    /** @param names schema and table, of tables whose id is not known */
    record Ask(List<Cid> collections, List<List<String>> names) implements Message {}

    /** @param created by collection, what this peer may know */
    record Answer(Map<Cid, byte[]> created) implements Message {}

    /** Not answered. */
    record NotHeld(Map<Cid, String> reasons) implements Message {}

    private final Host host;
    private final ReceiverLink.Node node;
    private final Definitions definitions;
    private final BiPredicate<PeerId, Cid> mayKnow;
    private final Consumer<Told> told;

    /** Whom this node is asking, because it pushes what is not here, with what is to be asked next. Guarded by itself. */
    private final Map<PeerId, Lacking> asking = new HashMap<>();

    /** What was found lacking while a question was under way: of the peer's last greeting, so its size is bounded. */
    private static final class Lacking {
        List<Cid> next = List.of();
        boolean allowed;
    }

    /** What a peer said of tables that are pushed to it. */
    record Told(PeerId peer, Map<Cid, String> reasons) {}

    /** @param mayKnow whether a peer is told that collection's definition */
    DefinitionExchange(
            Host host,
            ReceiverLink.Node node,
            Definitions definitions,
            BiPredicate<PeerId, Cid> mayKnow,
            Consumer<Told> told) {
        this.host = host;
        this.node = node;
        this.definitions = definitions;
        this.mayKnow = mayKnow;
        this.told = told;
    }

    void start() {
        host.handle(PROTOCOL, this::serve);
    }

    void close() {
        host.unhandle(PROTOCOL);
    }

    CompletableFuture<Map<Cid, byte[]>> ask(PeerId peer, Ask question) {
        var answer = new CompletableFuture<Map<Cid, byte[]>>();
        host.newStream(peer, PROTOCOL).whenComplete((stream, failure) -> {
            if (failure != null) {
                answer.completeExceptionally(failure);
                return;
            }
            var messages = new MessageStream(stream, MESSAGE_BYTES_MAX);
            Runnable idle = node.threads().schedule(IDLE, messages::reset);
            messages.write(encode(question));
            messages.closeWrite();
            messages.read().whenComplete((bytes, lost) -> {
                idle.run();
                messages.close();
                try {
                    if (lost != null || bytes == null) {
                        throw new DecodeException(peer + " did not answer: " + lost);
                    }
                    if (!(decode(bytes) instanceof Answer known)) {
                        throw new DecodeException(peer + " answered with something else");
                    }
                    answer.complete(known.created());
                } catch (DecodeException e) {
                    answer.completeExceptionally(e);
                }
            });
        });
        return answer;
    }

    /**
     * Makes what {@code peer} pushes and this node lacks, or tells the peer why not. One question a peer at a time; of what
     * is lacking meanwhile the last list becomes the next one.
     */
    void lacking(PeerId peer, Collection<Cid> unknown, boolean allowed) {
        synchronized (asking) {
            boolean busy = asking.containsKey(peer);
            Lacking of = asking.computeIfAbsent(peer, p -> new Lacking());
            of.next = List.copyOf(unknown);
            of.allowed = allowed;
            if (busy) {
                return;
            }
        }
        askNext(peer);
    }

    private void askNext(PeerId peer) {
        List<Cid> asked;
        boolean allowed;
        synchronized (asking) {
            Lacking of = Objects.requireNonNull(asking.get(peer));
            asked = of.next.subList(0, Math.min(of.next.size(), TABLES_MAX));
            of.next = of.next.subList(asked.size(), of.next.size());
            allowed = of.allowed;
            if (asked.isEmpty()) {
                asking.remove(peer);
                return;
            }
        }
        ask(peer, new Ask(asked, List.of()))
                .whenComplete((known, failure) -> node.threads().workers().execute(() -> {
                    try {
                        if (failure != null) {
                            LOG.log(System.Logger.Level.DEBUG, () -> "no definitions of " + peer + ": " + failure);
                        } else {
                            create(peer, asked, known, allowed);
                        }
                    } finally {
                        askNext(peer);
                    }
                }));
    }

    private void create(PeerId peer, List<Cid> asked, Map<Cid, byte[]> known, boolean allowed) {
        var reasons = new LinkedHashMap<Cid, String>();
        for (Cid collection : asked) {
            byte[] created = known.get(collection);
            if (created != null) {
                definitions
                        .create(peer, collection, created, allowed)
                        .ifPresent(reason -> reasons.put(collection, reason));
            }
        }
        if (!reasons.isEmpty()) {
            tell(peer, new NotHeld(reasons));
        }
    }

    private void tell(PeerId peer, NotHeld reasons) {
        host.newStream(peer, PROTOCOL).whenComplete((stream, failure) -> {
            if (failure == null) {
                var messages = new MessageStream(stream, MESSAGE_BYTES_MAX);
                messages.write(encode(reasons)).whenComplete((nothing, lost) -> messages.close());
            }
        });
    }

    private void serve(Stream stream) {
        var messages = new MessageStream(stream, MESSAGE_BYTES_MAX);
        Runnable idle = node.threads().schedule(IDLE, messages::reset);
        messages.read().whenComplete((bytes, failure) -> {
            idle.run();
            try {
                if (failure != null || bytes == null) {
                    messages.reset();
                    return;
                }
                Message message = decode(bytes);
                if (message instanceof Ask ask) {
                    node.threads()
                            .workers()
                            .execute(() -> messages.write(encode(answer(stream.peer(), ask)))
                                    .whenComplete((nothing, lost) -> messages.close()));
                } else if (message instanceof NotHeld reasons) {
                    messages.close();
                    told.accept(new Told(stream.peer(), reasons.reasons()));
                } else {
                    throw new DecodeException("an answer without a question");
                }
            } catch (DecodeException e) {
                LOG.log(System.Logger.Level.DEBUG, () -> "bad question of " + stream.peer() + ": " + e);
                messages.reset();
            }
        });
    }

    private Answer answer(PeerId peer, Ask ask) {
        var collections = new ArrayList<>(ask.collections());
        ask.names().forEach(name -> definitions.find(name.get(0), name.get(1)).ifPresent(collections::add));
        var known = new LinkedHashMap<Cid, byte[]>();
        long bytes = 0;
        for (Cid collection : collections) {
            byte[] created = mayKnow.test(peer, collection)
                    ? definitions.created(collection).orElse(null)
                    : null;
            if (created != null && (bytes += created.length + 64) < MESSAGE_BYTES_MAX) {
                known.put(collection, created);
            }
        }
        return new Answer(known);
    }

    // Wire form: docs/formats/definitions.md

    static byte[] encode(Message message) {
        var out = new CborWriter(256);
        if (message instanceof Ask ask) {
            out.startList(3);
            out.writeInt(ASK);
            out.startList(ask.collections().size());
            ask.collections().forEach(out::writeLink);
            out.startList(ask.names().size());
            ask.names().forEach(name -> {
                out.startList(2);
                name.forEach(out::writeText);
            });
        } else if (message instanceof Answer answer) {
            out.startList(2);
            out.writeInt(ANSWER);
            out.startList(answer.created().size());
            answer.created().forEach((collection, created) -> {
                out.startList(2);
                out.writeLink(collection);
                out.writeBytes(created);
            });
        } else if (message instanceof NotHeld notHeld) {
            out.startList(2);
            out.writeInt(NOT_HELD);
            out.startList(notHeld.reasons().size());
            notHeld.reasons().forEach((collection, reason) -> {
                out.startList(2);
                out.writeLink(collection);
                out.writeText(shortened(reason));
            });
        }
        return out.toByteArray();
    }

    private static String shortened(String reason) {
        if (reason.length() <= REASON_CHARS_MAX) {
            return reason;
        }
        boolean split = Character.isHighSurrogate(reason.charAt(REASON_CHARS_MAX - 1));
        return reason.substring(0, split ? REASON_CHARS_MAX - 1 : REASON_CHARS_MAX);
    }

    /** @throws DecodeException for anything but one well-formed message */
    static Message decode(byte[] bytes) {
        var in = new CborReader(bytes);
        int items = in.readList();
        long kind = in.readInt();
        if (items != (kind == ASK ? 3 : 2)) {
            throw new DecodeException("a message of kind " + kind + " with " + items + " items");
        }
        Message message;
        if (kind == ASK) {
            var collections = new ArrayList<Cid>();
            for (int left = size(in); left > 0; left--) {
                collections.add(in.readLink());
            }
            var names = new ArrayList<List<String>>();
            for (int left = size(in); left > 0; left--) {
                in.expectList(2);
                names.add(List.of(in.readText(), in.readText()));
            }
            message = new Ask(collections, names);
        } else if (kind == ANSWER) {
            var created = new LinkedHashMap<Cid, byte[]>();
            for (int left = size(in); left > 0; left--) {
                in.expectList(2);
                created.put(in.readLink(), in.readBytes());
            }
            message = new Answer(created);
        } else if (kind == NOT_HELD) {
            var reasons = new LinkedHashMap<Cid, String>();
            for (int left = size(in); left > 0; left--) {
                in.expectList(2);
                reasons.put(in.readLink(), reason(in.readText()));
            }
            message = new NotHeld(reasons);
        } else {
            throw new DecodeException("unknown kind of message " + kind);
        }
        in.end();
        return message;
    }

    private static String reason(String text) {
        if (text.length() > REASON_CHARS_MAX) {
            throw new DecodeException("a reason of " + text.length() + " characters");
        }
        return text;
    }

    private static int size(CborReader in) {
        int size = in.readList();
        if (size > TABLES_MAX) {
            throw new DecodeException(size + " tables in one message, at most " + TABLES_MAX);
        }
        return size;
    }
}
