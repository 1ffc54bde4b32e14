package dev.pando.libp2p.gossip;

import java.util.ArrayList;
import java.util.List;

/** Gathers what is to be sent to one peer while one input is handled. */
final class RpcBuilder {
    final List<Rpc.Subscription> subscriptions = new ArrayList<>();
    final List<GossipMessage> messages = new ArrayList<>();
    final List<Rpc.IHave> have = new ArrayList<>();
    final List<MessageId> want = new ArrayList<>();
    final List<String> graft = new ArrayList<>();
    final List<Rpc.Prune> prune = new ArrayList<>();
    final List<MessageId> dontWant = new ArrayList<>();

    Rpc build() {
        return new Rpc(subscriptions, messages, have, want, graft, prune, dontWant);
    }
}
