package dev.pando.hibernate;

import org.hibernate.dialect.sequence.SequenceSupport;

/** Sequences: their increments are room on either side of a number, as pooled optimizers need it. */
final class PandoSequences implements SequenceSupport {
    static final PandoSequences INSTANCE = new PandoSequences();

    private PandoSequences() {}

    @Override
    public String getSelectSequenceNextValString(String sequence) {
        return "next value for " + sequence;
    }

    @Override
    public String getSequenceNextValString(String sequence) {
        return "select next value for " + sequence;
    }

    @Override
    public String getDropSequenceString(String sequence) {
        return "drop sequence if exists " + sequence;
    }
}
