package dev.pando.libp2p.gossip;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Checks the signatures of several messages beside each other; then it is the identity that knows the answers. */
final class SignatureCheck implements GossipRouter.Identity {
    private final SigningPolicy policy;
    private final List<GossipMessage> messages;

    /* By identity, as records of arrays compare anyway. */
    private final Set<GossipMessage> authentic = ConcurrentHashMap.newKeySet();

    SignatureCheck(SigningPolicy policy, List<GossipMessage> messages) {
        this.policy = policy;
        this.messages = messages;
    }

    /** @param share messages that one task checks */
    CompletableFuture<SignatureCheck> run(Executor executor, int share) {
        var tasks = new ArrayList<CompletableFuture<Void>>();
        for (int from = 0; from < messages.size(); from += share) {
            var part = messages.subList(from, Math.min(from + share, messages.size()));
            tasks.add(CompletableFuture.runAsync(
                    () -> part.stream().filter(policy::authentic).forEach(authentic::add), executor));
        }
        return CompletableFuture.allOf(tasks.toArray(CompletableFuture<?>[]::new))
                .thenApply(done -> this);
    }

    @Override
    public @Nullable MessageId of(GossipMessage message) {
        return policy.of(message);
    }

    @Override
    public boolean authentic(GossipMessage message) {
        return authentic.contains(message);
    }
}
