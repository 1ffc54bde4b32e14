/**
 * The SQL wire protocol as values and bytes: frames, packed rows, messages. The format is docs/formats/sql-wire.md.
 *
 * <p>Uses the seam {@code dev.pando.sql.session} and protobuf; knows neither sockets' owners nor the engine. Start at
 * {@link dev.pando.jdbc.wire.Frames} and {@link dev.pando.jdbc.wire.ValueCodec}.
 */
@NullMarked
package dev.pando.jdbc.wire;

import org.jspecify.annotations.NullMarked;
