package dev.pando.libp2p;

import java.time.Duration;

/**
 * The bounds of a host. Each says what happens when it is reached.
 *
 * @param connectionsMax open connections; further inbound ones are closed unread, further dials fail with LIMIT
 * @param handshakesPerAddressMax inbound connections from one IP address that have not proven an identity yet; further
 *     ones are closed unread. Loopback is exempt
 * @param connectionsPerAddressMax proven inbound connections from one IP address; further ones are closed once proven.
 *     Loopback is exempt
 * @param inboundStreamsPerConnectionMax open streams that a peer opened; further ones are reset
 * @param inboundStreamsPerProtocolMax open streams that a peer opened for one protocol; further ones are reset
 * @param outboundStreamsPerConnectionMax open streams that we opened; further ones fail with LIMIT
 * @param parallelDialsMax dials under way; further ones wait their turn
 * @param dialTimeout for a connect to one address, handshake included
 * @param handshakeTimeout for an inbound connection to prove its identity and agree on a muxer; then it is closed
 * @param stageTimeout for each stage of a handshake and for the negotiation of a stream
 * @param keepaliveInterval silence after which a connection is pinged; with no answer within stageTimeout it is closed
 * @param streamWindowMax bytes that a peer may send on a stream before we have read them, at most; the window begins
 *     with 256 KiB and grows towards this for streams that are read fast
 * @param sendBufferMax bytes that a stream holds for sending before its writes stop completing; at 32 times as much
 *     (a writer that does not wait) the stream is reset
 * @param knownPeersMax peers in the peer store; at the limit the one unheard of for longest is forgotten
 * @param addressesPerPeerMax addresses kept of a peer; at the limit the oldest is forgotten
 */
public record HostLimits(
        int connectionsMax,
        int handshakesPerAddressMax,
        int connectionsPerAddressMax,
        int inboundStreamsPerConnectionMax,
        int inboundStreamsPerProtocolMax,
        int outboundStreamsPerConnectionMax,
        int parallelDialsMax,
        Duration dialTimeout,
        Duration handshakeTimeout,
        Duration stageTimeout,
        Duration keepaliveInterval,
        int streamWindowMax,
        int sendBufferMax,
        int knownPeersMax,
        int addressesPerPeerMax) {
    public static final HostLimits DEFAULT = new HostLimits(
            256,
            8,
            64,
            256,
            16,
            1_000,
            16,
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            1 << 20,
            256 << 10,
            10_000,
            16);
}
