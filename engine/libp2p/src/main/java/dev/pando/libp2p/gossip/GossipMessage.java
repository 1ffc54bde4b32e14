package dev.pando.libp2p.gossip;

import org.jspecify.annotations.Nullable;

/**
 * A published message as it travels. The signing fields are all present (StrictSign) or all absent (StrictNoSign).
 *
 * @param from bytes of the author's Peer ID
 * @param sequence 8 bytes, big-endian, rising with each message of an author
 * @param key the author's public key, when its Peer ID does not contain it
 */
public record GossipMessage(
        String topic,
        byte[] data,
        byte @Nullable [] from,
        byte @Nullable [] sequence,
        byte @Nullable [] signature,
        byte @Nullable [] key) {

    static GossipMessage unsigned(String topic, byte[] data) {
        return new GossipMessage(topic, data, null, null, null, null);
    }
}
