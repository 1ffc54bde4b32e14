package dev.pando.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The thread that fills the block index. */
@Timeout(30)
class BackgroundWriterTest {

    @Test
    void aThreadThatCannotBeMadeIsAFailureAndNobodyWaitsForIt() {
        BackgroundWriter writer = new BackgroundWriter(10, work -> {
            throw new OutOfMemoryError("unable to create native thread");
        });
        assertThatThrownBy(() -> writer.run(3, () -> {})).isInstanceOf(OutOfMemoryError.class);
        assertThatThrownBy(writer::isIdle).isInstanceOf(OutOfMemoryError.class);
        assertThat(writer.close()).isFalse();
    }

    @Test
    void workAfterAFailureIsRefused() {
        BackgroundWriter writer = new BackgroundWriter("test", 10);
        writer.run(3, () -> {
            throw new IllegalStateException("full");
        });
        assertThatThrownBy(writer::settle).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> writer.run(1, () -> {})).isInstanceOf(IllegalStateException.class);
        assertThat(writer.close()).isFalse();
    }
}
