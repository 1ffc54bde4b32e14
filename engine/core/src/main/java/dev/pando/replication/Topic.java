package dev.pando.replication;

import dev.pando.DocumentId;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DecodeException;
import java.util.Optional;

/**
 * A gossip topic of docs/rules.md §7.
 *
 * @param id of the collection, or of the document as a CID
 */
record Topic(Kind kind, Cid id) {

    private static final String PREFIX = "/pando/1/";

    enum Kind {
        /** Every commit of a collection. */
        COLLECTION('c'),
        /** The changes of one document. */
        DOCUMENT('d'),
        /** Who has newer heads of these? */
        QUERY('q');

        private final char letter;

        Kind(char letter) {
            this.letter = letter;
        }
    }

    static Topic collection(Cid collection) {
        return new Topic(Kind.COLLECTION, collection);
    }

    static Topic document(DocumentId document) {
        return new Topic(Kind.DOCUMENT, Cid.ofDigest(Cid.DAG_CBOR, document.bytes()));
    }

    static Topic query(Cid collection) {
        return new Topic(Kind.QUERY, collection);
    }

    DocumentId document() {
        return DocumentId.of(id.digest());
    }

    /** Empty for what is no topic of these. */
    static Optional<Topic> parse(String text) {
        int slash = PREFIX.length() + 1;
        if (!text.startsWith(PREFIX) || text.length() <= slash || text.charAt(slash) != '/') {
            return Optional.empty();
        }
        for (Kind kind : Kind.values()) {
            if (kind.letter == text.charAt(PREFIX.length())) {
                try {
                    return Optional.of(new Topic(kind, Cid.parse(text.substring(slash + 1))));
                } catch (DecodeException e) {
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }

    /** Its name on the wire. */
    @Override
    public String toString() {
        return PREFIX + kind.letter + "/" + id;
    }
}
