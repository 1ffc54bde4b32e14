/**
 * Keeping peers equal: active replication over {@code /pando/replicate/1.0.0}.
 *
 * <p>{@link dev.pando.replication.Sender} and {@link dev.pando.replication.Receiver} are state machines without I/O:
 * inputs and time in, outputs out. {@link dev.pando.replication.ReplicationService} binds them to a host, the log and
 * the door; it is the only class here with threads in it, and where to start reading. What this package needs of the
 * node are the interfaces {@link dev.pando.replication.ShareSink}, {@link dev.pando.replication.LogTail},
 * {@link dev.pando.replication.Collections} and {@link dev.pando.replication.DurableRecords}, which the engine
 * implements. Messages: docs/formats/replicate.md.
 */
@NullMarked
package dev.pando.replication;

import org.jspecify.annotations.NullMarked;
