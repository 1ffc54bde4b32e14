package dev.pando.replication;

/** Carries out, on a worker, what a {@link Sender} wants to know of the log. */
final class SenderWork {

    private SenderWork() {}

    static Sender.Input carryOut(LogTail tail, Sender.Work work) {
        try {
            return answer(tail, work);
        } catch (RuntimeException e) {
            return new Sender.ReadFailed(work.stream(), SenderLink.message(e));
        }
    }

    private static Sender.Input answer(LogTail tail, Sender.Work work) {
        if (work instanceof Sender.Read read) {
            return new Sender.PageRead(
                    read.stream(), tail.read(read.after(), read.upTo(), read.collections(), read.bytesMax()));
        } else if (work instanceof Sender.ReadChosen read) {
            return new Sender.PageRead(
                    read.stream(), tail.readChosen(read.sequences(), read.collections(), read.bytesMax()));
        } else if (work instanceof Sender.Answer answer) {
            return new Sender.Answered(answer.stream(), HeadExchange.answer(answer.ask(), tail));
        } else if (work instanceof Sender.Find find) {
            return new Sender.Found(find.stream(), find.round(), tail.missing(find.heads(), find.upTo()));
        }
        throw new IllegalStateException("unknown work " + work);
    }
}
