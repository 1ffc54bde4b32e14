package dev.pando.dag;

import dev.pando.ipld.Cid;
import dev.pando.ipld.DecodeException;

/** The only CIDs that Pando's blocks link: version 1, sha2-256, DAG-CBOR or raw. */
final class Cids {

    private static final long SHA2_256 = 0x12;

    private Cids() {}

    static Cid dagCbor(Cid cid) {
        return require(cid, Cid.DAG_CBOR);
    }

    static Cid raw(Cid cid) {
        return require(cid, Cid.RAW);
    }

    private static Cid require(Cid cid, long codec) {
        if (cid.codec() != codec
                || cid.version() != 1
                || cid.hashFunction() != SHA2_256
                || cid.byteLength() != Cid.SHA256_BYTES) {
            throw new DecodeException(
                    "link " + cid + ", expected a CIDv1 of codec 0x" + Long.toHexString(codec) + " with sha2-256");
        }
        return cid;
    }
}
