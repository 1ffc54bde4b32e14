package dev.pando.libp2p;

import dev.pando.libp2p.multiaddr.Protocol;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Where a peer can be reached, and how, like {@code /ip4/192.0.2.1/tcp/9171/p2p/12D3KooW…}. Immutable; two addresses
 * are equal when their components are, so one with and one without {@code /p2p/} are not.
 */
public final class Multiaddr {
    /** Longer ones are refused, as text and as bytes. */
    static final int BYTES_MAX = 1_024;

    private static final int COMPONENTS_MAX = 32;

    /** @param value its canonical text; empty for a protocol without a value */
    public record Component(Protocol protocol, String value) {
        @Override
        public String toString() {
            return protocol.hasValue() ? "/" + protocol.text() + "/" + value : "/" + protocol.text();
        }
    }

    private final List<Component> components;

    private Multiaddr(List<Component> components) {
        this.components = List.copyOf(components);
    }

    /** @throws IllegalArgumentException with a message that says what was expected */
    public static Multiaddr parse(String text) {
        if (!text.startsWith("/") || text.length() > BYTES_MAX) {
            throw malformed(text, "it starts with a slash and has at most " + BYTES_MAX + " characters", null);
        }
        String trimmed = text.length() > 1 && text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        String[] parts = trimmed.substring(1).split("/", -1);
        var components = new ArrayList<Component>();
        for (int i = 0; i < parts.length; i++) {
            var protocol = Protocol.byName(parts[i]);
            if (protocol == null) {
                throw malformed(text, "'" + parts[i] + "' is no protocol known here", null);
            }
            String value = "";
            if (protocol.hasValue()) {
                if (++i == parts.length) {
                    throw malformed(text, "/" + protocol.text() + " needs a value", null);
                }
                try {
                    value = protocol.decodeValue(protocol.encodeValue(parts[i]));
                } catch (IllegalArgumentException e) {
                    throw malformed(text, e.getMessage(), e);
                }
            }
            components.add(new Component(protocol, value));
        }
        return checked(components);
    }

    private static IllegalArgumentException malformed(
            String text,
            @org.jspecify.annotations.Nullable String why,
            @org.jspecify.annotations.Nullable Throwable cause) {
        String shown = text.length() > 200 ? text.substring(0, 200) + "…" : text;
        return new IllegalArgumentException(
                "malformed address '" + shown + "': " + why
                        + "; expected one like /ip4/192.0.2.1/tcp/9171/p2p/12D3KooW…",
                cause);
    }

    private static Multiaddr checked(List<Component> components) {
        if (components.isEmpty() || components.size() > COMPONENTS_MAX) {
            throw new IllegalArgumentException(
                    "an address has 1 to " + COMPONENTS_MAX + " parts, got " + components.size());
        }
        return new Multiaddr(components);
    }

    /**
     * @throws IllegalArgumentException when {@code bytes} are no address, or hold a protocol that is not known here: a
     *     reader of a list of addresses skips those
     */
    public static Multiaddr fromBytes(byte[] bytes) {
        if (bytes.length > BYTES_MAX) {
            throw new IllegalArgumentException(
                    "an address of " + bytes.length + " bytes; at most " + BYTES_MAX + " are taken");
        }
        var components = new ArrayList<Component>();
        int[] at = {0};
        while (at[0] < bytes.length) {
            long code = varint(bytes, at);
            var protocol = Protocol.byCode(code);
            if (protocol == null) {
                throw new IllegalArgumentException("an address with a protocol that is not known here: " + code);
            }
            long length = protocol.valueBytes() >= 0 ? protocol.valueBytes() : varint(bytes, at);
            if (length > bytes.length - at[0]) {
                throw new IllegalArgumentException("an address that ends within its /" + protocol.text());
            }
            byte[] value = Arrays.copyOfRange(bytes, at[0], at[0] += (int) length);
            components.add(new Component(protocol, protocol.decodeValue(value)));
        }
        return checked(components);
    }

    private static long varint(byte[] bytes, int[] at) {
        long value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            if (at[0] == bytes.length) {
                break;
            }
            byte b = bytes[at[0]++];
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("an address with a varint that does not end");
    }

    /** An address of an IP and a TCP port. */
    public static Multiaddr tcp(java.net.InetSocketAddress address) {
        byte[] ip = address.getAddress().getAddress();
        var protocol = ip.length == 4 ? Protocol.IP4 : Protocol.IP6;
        return new Multiaddr(List.of(
                new Component(protocol, protocol.decodeValue(ip)),
                new Component(Protocol.TCP, Integer.toString(address.getPort()))));
    }

    public byte[] toBytes() {
        var out = new ByteArrayOutputStream();
        for (var component : components) {
            writeVarint(out, component.protocol().code());
            byte[] value = component.protocol().encodeValue(component.value());
            if (component.protocol().valueBytes() < 0) {
                writeVarint(out, value.length);
            }
            out.writeBytes(value);
        }
        return out.toByteArray();
    }

    private static void writeVarint(ByteArrayOutputStream out, int value) {
        for (; value > 0x7f; value >>>= 7) {
            out.write(value | 0x80);
        }
        out.write(value);
    }

    public List<Component> components() {
        return components;
    }

    /** The value of the first component of {@code protocol}. */
    public Optional<String> value(Protocol protocol) {
        return components.stream()
                .filter(c -> c.protocol() == protocol)
                .map(Component::value)
                .findFirst();
    }

    /** Whether these protocols, in this order and nothing else, make up the address but for a {@code /p2p/} at its end. */
    public boolean consistsOf(Protocol... protocols) {
        var rest = withoutPeerId().components;
        return rest.stream().map(Component::protocol).toList().equals(List.of(protocols));
    }

    /** Whether it leads to the machine that it is dialled on. */
    public boolean isLoopback() {
        var first = components.get(0);
        return first.protocol() == Protocol.IP4 && first.value().startsWith("127.")
                || first.protocol() == Protocol.IP6 && first.value().equals("::1");
    }

    /** The peer at the end of the way: the last {@code /p2p/}, unless it is that of a relay with nobody named behind it. */
    public Optional<PeerId> peerId() {
        var last = components.get(components.size() - 1);
        return last.protocol() == Protocol.P2P ? Optional.of(PeerId.parse(last.value())) : Optional.empty();
    }

    /** This address with {@code peer} at its end, in place of the peer that it ends with, if any. */
    public Multiaddr withPeerId(PeerId peer) {
        var all = new ArrayList<>(endsWithPeer() ? components.subList(0, components.size() - 1) : components);
        all.add(new Component(Protocol.P2P, peer.toString()));
        return checked(all);
    }

    /** This address without the {@code /p2p/} at its end; itself when there is none, or nothing else. */
    public Multiaddr withoutPeerId() {
        return endsWithPeer() && components.size() > 1
                ? new Multiaddr(components.subList(0, components.size() - 1))
                : this;
    }

    private boolean endsWithPeer() {
        return components.get(components.size() - 1).protocol() == Protocol.P2P;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Multiaddr other && components.equals(other.components);
    }

    @Override
    public int hashCode() {
        return components.hashCode();
    }

    /** The text form that {@link #parse} reads. */
    @Override
    public String toString() {
        var text = new StringBuilder();
        components.forEach(text::append);
        return text.toString();
    }
}
