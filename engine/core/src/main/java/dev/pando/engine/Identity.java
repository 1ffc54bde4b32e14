package dev.pando.engine;

import dev.pando.Environment;
import dev.pando.PandoException;
import dev.pando.libp2p.KeyPair;
import dev.pando.store.Disk;
import dev.pando.store.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * The node's key, made at first start and kept in {@value #FILE}: the protobuf private key of libp2p, readable by its
 * owner only.
 */
final class Identity {

    static final String FILE = "identity.key";

    /** Written aside and renamed: a crash leaves a whole key or none. */
    private static final String ASIDE = FILE + ".new";

    private static final int FILE_BYTES_MAX = 256;

    private Identity() {}

    static KeyPair loadOrCreate(Disk disk, Environment environment) throws IOException {
        if (disk.exists(FILE)) {
            return load(disk);
        }
        byte[] seed = new byte[KeyPair.SEED_BYTES];
        environment.randomBytes(seed);
        KeyPair made = KeyPair.fromSeed(seed);
        if (disk.exists(ASIDE)) {
            disk.delete(ASIDE);
        }
        try (DiskFile file = disk.open(ASIDE, true)) {
            if (disk.path().isPresent()) {
                restrict(disk.path().get().resolve(ASIDE));
            }
            file.write(0, ByteBuffer.wrap(made.toBytes()));
            file.force();
        }
        disk.rename(ASIDE, FILE);
        disk.syncDirectory("");
        return made;
    }

    private static KeyPair load(Disk disk) throws IOException {
        try (DiskFile file = disk.open(FILE, false)) {
            if (file.size() > FILE_BYTES_MAX) {
                throw damaged("it has " + file.size() + " bytes", null);
            }
            var buffer = ByteBuffer.allocate((int) file.size());
            file.read(0, buffer);
            return KeyPair.fromBytes(buffer.array());
        } catch (IllegalArgumentException e) {
            throw damaged(String.valueOf(e.getMessage()), e);
        }
    }

    private static PandoException damaged(String why, @Nullable Exception cause) {
        return new PandoException(
                PandoException.Kind.CORRUPT,
                "the identity key in " + FILE + " is damaged (" + why
                        + "); put back a copy, or remove the file to begin with a new identity",
                cause);
    }

    /* Before the secret is written, so that there is no moment at which others can read it. */
    private static void restrict(Path path) throws IOException {
        var view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        if (view != null) { // else not a POSIX file system: the directory's owner decides
            view.setPermissions(PosixFilePermissions.fromString("rw-------"));
        }
    }
}
