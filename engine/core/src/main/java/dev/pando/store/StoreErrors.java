package dev.pando.store;

import dev.pando.PandoException;
import dev.pando.PandoException.Kind;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What goes wrong outside, as exceptions that say where. */
final class StoreErrors {

    private StoreErrors() {}

    /** {@code doing} completes "failed while …". */
    static PandoException io(String doing, IOException e) {
        Kind kind = isDiskFull(e) ? Kind.DISK_FULL : Kind.IO_ERROR;
        String what = kind == Kind.DISK_FULL ? "the disk is full" : "I/O error";
        return new PandoException(kind, what + " while " + doing + ": " + e.getMessage(), e);
    }

    static PandoException corrupt(String message) {
        return corrupt(message, null);
    }

    static PandoException corrupt(String message, @Nullable Throwable cause) {
        return new PandoException(Kind.CORRUPT, message, cause);
    }

    /** Java has no exception of its own for this; the texts are those of Linux, macOS and Windows. */
    static boolean isDiskFull(IOException e) {
        String reason = e instanceof FileSystemException file ? file.getReason() : e.getMessage();
        if (reason == null) {
            return false;
        }
        String text = reason.toLowerCase(Locale.ROOT);
        return text.contains("no space left")
                || text.contains("quota exceeded")
                || text.contains("not enough space")
                || text.contains("file too large");
    }
}
