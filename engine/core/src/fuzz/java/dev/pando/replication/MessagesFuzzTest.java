package dev.pando.replication;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.pando.fuzz.Fuzzed;
import dev.pando.ipld.DecodeException;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** Decoders of what peers say to each other, and of what is kept about them. */
class MessagesFuzzTest {

    private static final Set<Class<? extends RuntimeException>> REFUSALS = Set.of(DecodeException.class);

    @FuzzTest(maxDuration = "10m")
    void replicate(byte[] bytes) {
        Fuzzed.decode(bytes, b -> ReplicateCodec.encode(ReplicateCodec.decode(b)), REFUSALS);
    }

    @FuzzTest(maxDuration = "10m")
    void announcement(byte[] bytes) {
        Fuzzed.decode(bytes, Announcement::decode, REFUSALS);
    }

    @FuzzTest(maxDuration = "10m")
    void documents(byte[] bytes) {
        Fuzzed.decode(bytes, DocumentMessage::decode, REFUSALS);
    }

    @FuzzTest(maxDuration = "10m")
    void replicator(byte[] bytes) {
        Fuzzed.decode(bytes, ReplicatorRecord::decode, REFUSALS);
    }

    @FuzzTest(maxDuration = "10m")
    void topic(byte[] bytes) {
        Fuzzed.decode(bytes, b -> Topic.parse(new String(b, StandardCharsets.UTF_8)), REFUSALS);
    }
}
