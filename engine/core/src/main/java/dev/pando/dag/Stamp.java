package dev.pando.dag;

import dev.pando.ipld.Cid;

/** When a delta was made, and which it is: the total order that decides between writes. */
public record Stamp(long hlc, Cid cid) implements Comparable<Stamp> {

    @Override
    public int compareTo(Stamp other) {
        int byTime = Long.compare(hlc, other.hlc);
        return byTime != 0 ? byTime : cid.compareTo(other.cid);
    }
}
