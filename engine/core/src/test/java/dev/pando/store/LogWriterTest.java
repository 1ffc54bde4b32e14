package dev.pando.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.PandoException;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The end of the log where something other than the disk fails. */
class LogWriterTest {

    /** A map that takes nothing. */
    private static DerivedMap refusing(RuntimeException reason) {
        return new DerivedMap() {
            @Override
            public byte[] get(byte[] key) {
                return null;
            }

            @Override
            public boolean contains(byte[] key) {
                return false;
            }

            @Override
            public void put(byte[] key, byte[] value) {
                throw reason;
            }

            @Override
            public void remove(byte[] key) {
                throw reason;
            }

            @Override
            public long size() {
                return 0;
            }

            @Override
            public EntryWalk walk() {
                throw new UnsupportedOperationException();
            }
        };
    }

    @Test
    void nothingIsWrittenAfterTheBlockIndexFailed() throws IOException {
        var reasons = List.of(
                new IllegalStateException("the map is broken"),
                new PandoException(PandoException.Kind.CORRUPT, "the map is damaged"));
        for (RuntimeException reason : reasons) {
            Segments segments = new Segments(new MemoryDisk());
            segments.add(new SegmentHeader(new LogId(new byte[LogId.BYTES]), new byte[Marker.TAG_BYTES], null, 1, 1));
            LogWriter log = new LogWriter(
                    segments,
                    StoreOptions.DEFAULT,
                    Blocks.environment(1),
                    new BlockIndex(refusing(reason), false),
                    false,
                    new LogEnd(segments.last().startPosition(), 0, null));
            log.append(List.of(Blocks.raw("a")));
            assertThatThrownBy(() -> log.force(true)).isSameAs(reason);
            assertThat(log.failure()).isNotNull();
            assertThat(log.durable().sequence()).isZero();
            assertThatThrownBy(() -> log.append(List.of(Blocks.raw("b"))))
                    .isInstanceOf(PandoException.class)
                    .hasMessageContaining("takes no more writes");
            assertThatThrownBy(() -> log.force(false)).isInstanceOf(PandoException.class);
        }
    }
}
