package dev.pando;

import dev.pando.libp2p.PeerId;
import java.time.Instant;
import java.util.Optional;

/**
 * Facts about a node.
 *
 * @param rootDirectory empty for one in memory
 * @param storage where derived state is: {@code mapped} files or {@code memory}
 * @param commitSequence the last visible commit
 * @param clockSkewMillis how far the latest time stamped on an admitted commit is ahead of this node's clock; 0 when it
 *     is not: over five minutes, some node's clock was wrong when it wrote
 */
public record NodeInfo(
        PeerId peerId,
        String agent,
        Instant startedAt,
        Optional<String> rootDirectory,
        String storage,
        String durability,
        boolean networkEnabled,
        boolean trustAll,
        long commitSequence,
        long clockSkewMillis) {}
