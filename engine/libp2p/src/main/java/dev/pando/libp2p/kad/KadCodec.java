package dev.pando.libp2p.kad;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.kad.pb.KadMessage;
import dev.pando.libp2p.kad.pb.KadPeer;
import dev.pando.libp2p.kad.pb.KadRecord;
import dev.pando.libp2p.record.PeerRecord;
import java.util.ArrayList;
import java.util.List;

/** {@link KadRequest}s as protobuf. */
final class KadCodec {

    /** Bytes of one message; the stream of a peer that sends a larger one is reset. */
    static final int MESSAGE_BYTES_MAX = 128 << 10;

    /** Peers read from one message; further ones are not. */
    private static final int PEERS_MAX = 64;

    /** Addresses written for one peer. */
    private static final int ADDRESSES_MAX = 16;

    private KadCodec() {}

    static byte[] encode(KadRequest message) {
        var out = KadMessage.newBuilder()
                .setType(KadMessage.Type.forNumber(message.type().ordinal()))
                .setKey(ByteString.copyFrom(message.key()));
        if (message.value() != null) {
            out.setRecord(KadRecord.newBuilder()
                    .setKey(ByteString.copyFrom(message.key()))
                    .setValue(ByteString.copyFrom(message.value())));
        }
        message.closer().forEach(peer -> out.addCloserPeers(encode(peer)));
        message.providers().forEach(peer -> out.addProviderPeers(encode(peer)));
        return out.build().toByteArray();
    }

    private static KadPeer encode(KadPeerInfo info) {
        var out = KadPeer.newBuilder().setId(ByteString.copyFrom(info.peer().toBytes()));
        for (Multiaddr address : info.addresses()) {
            if (out.getAddrsCount() < ADDRESSES_MAX) {
                out.addAddrs(ByteString.copyFrom(address.withoutPeerId().toBytes()));
            }
        }
        return out.build();
    }

    /** @throws InvalidProtocolBufferException when the bytes are not a message of a known type */
    static KadRequest decode(byte[] bytes) throws InvalidProtocolBufferException {
        KadMessage in = KadMessage.parseFrom(bytes);
        byte[] value = in.hasRecord() && in.getRecord().hasValue()
                ? in.getRecord().getValue().toByteArray()
                : null;
        byte[] key = in.hasKey()
                ? in.getKey().toByteArray()
                : in.getRecord().getKey().toByteArray();
        return new KadRequest(
                KadRequest.Type.values()[in.getType().getNumber()],
                key,
                value,
                peers(in.getCloserPeersList()),
                peers(in.getProviderPeersList()));
    }

    private static List<KadPeerInfo> peers(List<KadPeer> list) {
        var peers = new ArrayList<KadPeerInfo>();
        for (KadPeer peer : list.subList(0, Math.min(list.size(), PEERS_MAX))) {
            try {
                peers.add(new KadPeerInfo(
                        PeerId.fromBytes(peer.getId().toByteArray()), PeerRecord.readAddresses(peer.getAddrsList())));
            } catch (IllegalArgumentException e) {
                continue; // one bad entry does not spoil the others
            }
        }
        return peers;
    }
}
