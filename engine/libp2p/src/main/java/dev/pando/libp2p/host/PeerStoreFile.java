package dev.pando.libp2p.host;

import com.google.protobuf.ByteString;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.Scheduler;
import dev.pando.libp2p.pb.PeerStoreMessage;
import dev.pando.libp2p.record.PeerRecord;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a {@link PeerStore} over restarts. It is a cache: a file that cannot be read is left out, with a warning, and
 * replaced at the next writing. Written now and then when there were changes, and at the end; a crash loses what was
 * heard since.
 */
public final class PeerStoreFile implements AutoCloseable {
    private static final Logger LOG = System.getLogger(PeerStoreFile.class.getName());
    private static final int VERSION = 1;
    private static final Duration INTERVAL = Duration.ofMinutes(5);

    /** A larger file is not one that this class wrote. */
    private static final long FILE_BYTES_MAX = 256L << 20;

    private final Path path;
    private final PeerStore store;
    private final Scheduler scheduler;
    private final String threadName;
    private volatile Runnable cancel = () -> {};
    private volatile @Nullable Thread writer;
    private long written;

    /** @param threadName for the thread that exists while the file is written */
    public PeerStoreFile(Path path, PeerStore store, Scheduler scheduler, String threadName) {
        this.path = path;
        this.store = store;
        this.scheduler = scheduler;
        this.threadName = threadName;
    }

    /** Reads the file into the store, if there is one, and keeps it from then on. */
    public void start() {
        try {
            if (Files.exists(path) && Files.size(path) <= FILE_BYTES_MAX) {
                read(PeerStoreMessage.parseFrom(Files.readAllBytes(path)));
            }
        } catch (IOException | IllegalArgumentException e) {
            LOG.log(
                    Level.WARNING,
                    "the known peers in " + path + " cannot be read and are forgotten: " + e.getMessage());
        }
        written = store.changes();
        later();
    }

    private void later() {
        cancel = scheduler.schedule(INTERVAL, () -> {
            /* Not on the scheduler: writing may block. */
            var thread = new Thread(this::write, threadName);
            writer = thread;
            thread.start();
            later();
        });
    }

    private void read(PeerStoreMessage message) {
        if (message.getVersion() != VERSION) {
            throw new IllegalArgumentException("version " + message.getVersion() + ", expected " + VERSION);
        }
        for (var peer : message.getPeersList()) {
            var id = PeerId.fromBytes(peer.getPeerId().toByteArray());
            Map<Multiaddr, Boolean> addresses = new LinkedHashMap<>();
            for (var address : peer.getAddressesList()) {
                addresses.put(Multiaddr.fromBytes(address.getMultiaddr().toByteArray()), address.getCertified());
            }
            byte[] envelope = peer.getEnvelope().toByteArray();
            Optional<Long> seq = envelope.length == 0
                    ? Optional.empty()
                    : Optional.of(PeerRecord.open(envelope).seq());
            store.restore(new PeerStore.Entry(id, addresses, envelope, seq));
        }
    }

    private synchronized void write() {
        long changes = store.changes();
        if (changes == written) {
            return;
        }
        var message = PeerStoreMessage.newBuilder().setVersion(VERSION);
        for (var entry : store.entries()) {
            var peer = message.addPeersBuilder()
                    .setPeerId(ByteString.copyFrom(entry.peer().toBytes()));
            entry.addresses()
                    .forEach((address, certified) -> peer.addAddressesBuilder()
                            .setMultiaddr(ByteString.copyFrom(address.toBytes()))
                            .setCertified(certified));
            if (entry.envelope().length > 0) {
                peer.setEnvelope(ByteString.copyFrom(entry.envelope()));
            }
        }
        var draft = path.resolveSibling(path.getFileName() + ".new");
        try {
            createForOwner(draft);
            Files.write(draft, message.build().toByteArray());
            Files.move(draft, path, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            written = changes;
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the known peers cannot be written to " + path, e);
        }
    }

    /* Whom a node knows is nobody else's business. */
    private static void createForOwner(Path draft) throws IOException {
        Files.deleteIfExists(draft);
        Files.createFile(draft);
        var view = Files.getFileAttributeView(draft, PosixFileAttributeView.class);
        if (view != null) { // else not a POSIX file system: the directory's owner decides
            view.setPermissions(PosixFilePermissions.fromString("rw-------"));
        }
    }

    /** Writes once more. Call when the scheduler has ended. */
    @Override
    public void close() {
        cancel.run();
        Thread writing = writer;
        if (writing != null) {
            try {
                writing.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        write();
    }
}
