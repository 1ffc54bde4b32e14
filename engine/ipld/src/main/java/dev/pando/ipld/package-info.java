/**
 * Content addressing without any dependency: {@link dev.pando.ipld.Cid}, multihash, multibase, varint, strict DAG-CBOR
 * and CARv1.
 *
 * <p>What comes from outside is refused with {@link dev.pando.ipld.DecodeException}; what a caller does wrong is an
 * {@link java.lang.IllegalArgumentException} or {@link java.lang.IllegalStateException}. Uses the JDK only. Start
 * reading at {@link dev.pando.ipld.Cid}, then {@link dev.pando.ipld.CborReader}.
 */
@NullMarked
package dev.pando.ipld;

import org.jspecify.annotations.NullMarked;
