package dev.pando.dag;

import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import java.util.List;

/**
 * What a share holds of one part of its commit.
 *
 * @param lists the lists on the paths to the deltas, from the root down
 * @param deltas by document id
 * @param complete whether these are all deltas of the part; else they are chosen documents
 */
public record SharePart(Cid collection, Part part, List<Block> lists, List<DecodedDelta> deltas, boolean complete) {}
