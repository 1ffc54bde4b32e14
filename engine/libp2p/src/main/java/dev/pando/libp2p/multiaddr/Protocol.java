package dev.pando.libp2p.multiaddr;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The kinds of multiaddress components that are known here, by their multicodec. */
public enum Protocol {
    IP4(0x04, "ip4", Value.IP4),
    TCP(0x06, "tcp", Value.PORT),
    IP6(0x29, "ip6", Value.IP6),
    IP6ZONE(0x2a, "ip6zone", Value.TEXT),
    IPCIDR(0x2b, "ipcidr", Value.BYTE),
    DNS(0x35, "dns", Value.TEXT),
    DNS4(0x36, "dns4", Value.TEXT),
    DNS6(0x37, "dns6", Value.TEXT),
    DNSADDR(0x38, "dnsaddr", Value.TEXT),
    UDP(0x0111, "udp", Value.PORT),
    WEBRTC_DIRECT(0x0118, "webrtc-direct", Value.NONE),
    WEBRTC(0x0119, "webrtc", Value.NONE),
    P2P_CIRCUIT(0x0122, "p2p-circuit", Value.NONE),
    P2P(0x01a5, "p2p", Value.PEER),
    TLS(0x01c0, "tls", Value.NONE),
    SNI(0x01c1, "sni", Value.TEXT),
    NOISE(0x01c6, "noise", Value.NONE),
    QUIC(0x01cc, "quic", Value.NONE),
    QUIC_V1(0x01cd, "quic-v1", Value.NONE),
    WEBTRANSPORT(0x01d1, "webtransport", Value.NONE),
    CERTHASH(0x01d2, "certhash", Value.CERTHASH),
    WS(0x01dd, "ws", Value.NONE),
    WSS(0x01de, "wss", Value.NONE),
    MEMORY(0x0309, "memory", Value.NUMBER);

    private static final Map<Integer, Protocol> BY_CODE = new HashMap<>();
    private static final Map<String, Protocol> BY_NAME = new HashMap<>();

    static {
        for (var protocol : values()) {
            BY_CODE.put(protocol.code, protocol);
            BY_NAME.put(protocol.text, protocol);
        }
        /* The name that p2p had at first, still in use. */
        BY_NAME.put("ipfs", P2P);
    }

    private final int code;
    private final String text;
    private final Value value;

    Protocol(int code, String text, Value value) {
        this.code = code;
        this.text = text;
        this.value = value;
    }

    public static @Nullable Protocol byCode(long code) {
        return code > Integer.MAX_VALUE ? null : BY_CODE.get((int) code);
    }

    public static @Nullable Protocol byName(String name) {
        return BY_NAME.get(name);
    }

    public int code() {
        return code;
    }

    /** As in the text form of an address. */
    public String text() {
        return text;
    }

    public boolean hasValue() {
        return value != Value.NONE;
    }

    /** Bytes of the value, or -1 when they are preceded by their length. */
    public int valueBytes() {
        return value.bytes;
    }

    /** @throws IllegalArgumentException when {@code text} is no value of this protocol */
    public byte[] encodeValue(String text) {
        return value.encode(text);
    }

    /** The canonical text. @throws IllegalArgumentException when {@code bytes} are no value of this protocol */
    public String decodeValue(byte[] bytes) {
        return value.decode(bytes);
    }
}
