package dev.pando.replication;

import dev.pando.DocumentId;
import dev.pando.PandoException;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DecodeException;
import java.util.Optional;

/** One document of one collection. In records: both ids with a space between. */
record DocumentKey(Cid collection, DocumentId document) {

    static Optional<DocumentKey> parse(String record) {
        int space = record.indexOf(' ');
        if (space < 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(new DocumentKey(
                    Cid.parse(record.substring(0, space)), DocumentId.parse(record.substring(space + 1))));
        } catch (DecodeException | PandoException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return collection + " " + document;
    }
}
