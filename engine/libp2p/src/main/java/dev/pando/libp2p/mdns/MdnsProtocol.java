package dev.pando.libp2p.mdns;

import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.PeerId;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is asked and answered on the local network, without I/O. Immutable. */
final class MdnsProtocol {
    /** What all peers of libp2p answer to. */
    static final String SERVICE = "_p2p._udp.local";

    /** Asks which services there are at all (RFC 6763 §9). */
    static final String SERVICES = "_services._dns-sd._udp.local";

    private static final String PROPERTY = "dnsaddr=";
    private static final int STRING_BYTES_MAX = 255;
    private static final int NAME_CHARS = 40;
    private static final String NAME_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";

    /** A peer that answered. @param addresses without {@code /p2p/} */
    record Found(PeerId peer, List<Multiaddr> addresses) {}

    private final PeerId self;
    private final String instance;

    /** Draws a name for this run: it says nothing of who answers. */
    MdnsProtocol(PeerId self, SecureRandom random) {
        this.self = self;
        var name = new StringBuilder();
        for (int i = 0; i < NAME_CHARS; i++) {
            name.append(NAME_ALPHABET.charAt(random.nextInt(NAME_ALPHABET.length())));
        }
        this.instance = name + "." + SERVICE;
    }

    MdnsPacket query() {
        return MdnsPacket.query(SERVICE, MdnsPacket.PTR);
    }

    /** The answer to {@code query}, when it is for us and there is one: an address that does not fit is left out. */
    Optional<MdnsPacket> answer(MdnsPacket query, List<Multiaddr> addresses) {
        if (query.response()) {
            return Optional.empty();
        }
        if (asksFor(query, SERVICES)) {
            return Optional.of(new MdnsPacket(true, List.of(), List.of(new MdnsPacket.Pointer(SERVICES, SERVICE))));
        }
        var strings = addresses.stream()
                .map(address -> PROPERTY + address.withPeerId(self))
                .filter(string -> string.length() <= STRING_BYTES_MAX)
                .limit(MdnsPacket.STRINGS_MAX)
                .toList();
        if (!asksFor(query, SERVICE) || strings.isEmpty()) {
            return Optional.empty();
        }
        var records = new ArrayList<MdnsPacket.Record>();
        records.add(new MdnsPacket.Pointer(SERVICE, instance));
        /* A record each: js-libp2p looks at the first string only. */
        strings.forEach(string -> records.add(new MdnsPacket.Text(instance, List.of(string))));
        return Optional.of(new MdnsPacket(true, List.of(), records));
    }

    private static boolean asksFor(MdnsPacket query, String name) {
        return query.questions().stream()
                .anyMatch(question -> question.name().equals(name)
                        && (question.type() == MdnsPacket.PTR || question.type() == MdnsPacket.ANY));
    }

    /** The peer that {@code response} tells of, unless it is this one. What it says is a hint that nobody signed. */
    Optional<Found> found(MdnsPacket response) {
        boolean ours = response.records().stream()
                .anyMatch(record -> record instanceof MdnsPacket.Pointer pointer
                        && pointer.name().equals(SERVICE)
                        && !pointer.target().equals(instance));
        if (!response.response() || !ours) {
            return Optional.empty();
        }
        PeerId peer = null;
        var addresses = new ArrayList<Multiaddr>();
        for (var record : response.records()) {
            var strings = record instanceof MdnsPacket.Text text ? text.strings() : List.<String>of();
            for (String string : strings) {
                var address = address(string);
                var named = address.flatMap(Multiaddr::peerId);
                if (named.isPresent() && (peer == null || peer.equals(named.get()))) {
                    peer = named.get();
                    addresses.add(address.get().withoutPeerId());
                }
            }
        }
        return peer == null || peer.equals(self) || addresses.size() > MdnsPacket.STRINGS_MAX
                ? Optional.empty()
                : Optional.of(new Found(peer, List.copyOf(addresses)));
    }

    private static Optional<Multiaddr> address(String string) {
        if (!string.startsWith(PROPERTY)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Multiaddr.parse(string.substring(PROPERTY.length())));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // a kind of address that is not known here
        }
    }
}
