package dev.pando.libp2p.record;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pando.libp2p.KeyPair;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.pb.PeerRecordMessage;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a peer says it can be dialled.
 *
 * @param seq grows with each record that a peer makes; the greatest counts. Unsigned
 */
public record PeerRecord(PeerId peer, long seq, List<Multiaddr> addresses) {
    private static final String DOMAIN = "libp2p-peer-record";

    /** The multicodec 0x0301 of peer records, as a literal and not as a varint: that is how all implementations write it. */
    private static final byte[] PAYLOAD_TYPE = {0x03, 0x01};

    /** Further ones are not read. */
    private static final int ADDRESSES_MAX = 64;

    public PeerRecord {
        addresses = List.copyOf(addresses);
    }

    /** The bytes of a signed envelope with this record. */
    public byte[] seal(KeyPair key) {
        var message = PeerRecordMessage.newBuilder()
                .setPeerId(ByteString.copyFrom(peer.toBytes()))
                .setSeq(seq);
        for (var address : addresses) {
            message.addAddresses(
                    PeerRecordMessage.AddressInfo.newBuilder().setMultiaddr(ByteString.copyFrom(address.toBytes())));
        }
        return Envelope.seal(key, DOMAIN, PAYLOAD_TYPE, message.build().toByteArray());
    }

    /** @throws IllegalArgumentException when it is malformed, or not signed by the peer that it is about */
    public static PeerRecord open(byte[] envelope) {
        var opened = Envelope.open(envelope, DOMAIN, PAYLOAD_TYPE);
        PeerRecordMessage message;
        try {
            message = PeerRecordMessage.parseFrom(opened.payload());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("a malformed peer record: " + e.getMessage(), e);
        }
        var peer = PeerId.fromBytes(message.getPeerId().toByteArray());
        if (!peer.equals(PeerId.of(opened.signer()))) {
            throw new IllegalArgumentException("a peer record that somebody else signed");
        }
        var raw = message.getAddressesList().stream()
                .map(PeerRecordMessage.AddressInfo::getMultiaddr)
                .toList();
        return new PeerRecord(peer, message.getSeq(), readAddresses(raw));
    }

    /** Those of {@code raw} that are addresses of a known kind: one unknown protocol must not hide the others. */
    public static List<Multiaddr> readAddresses(List<ByteString> raw) {
        var addresses = new ArrayList<Multiaddr>();
        for (var bytes : raw.subList(0, Math.min(raw.size(), ADDRESSES_MAX))) {
            try {
                addresses.add(Multiaddr.fromBytes(bytes.toByteArray()));
            } catch (IllegalArgumentException e) {
                continue; // a kind of address that is not known here
            }
        }
        return addresses;
    }
}
