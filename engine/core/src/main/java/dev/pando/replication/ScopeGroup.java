package dev.pando.replication;

import dev.pando.ipld.Cid;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Scopes of one sender that are at the same place and are read and sent together, with the epochs in which they were. */
record ScopeGroup(List<Scoped> scopes) {

    record Scoped(ReplicatorScope scope, int epoch) {}

    static ScopeGroup of(Collection<ReplicatorScope> scopes) {
        return new ScopeGroup(
                scopes.stream().map(scope -> new Scoped(scope, scope.epoch)).toList());
    }

    /** Whether a collection was taken away or went back meanwhile: then what was read is read again for what is left. */
    boolean isStale() {
        return scopes.stream().anyMatch(scoped -> scoped.epoch() != scoped.scope().epoch);
    }

    ReplicatorScope first() {
        return scopes.get(0).scope();
    }

    Set<Cid> collections() {
        return scopes.stream().map(scoped -> scoped.scope().collection).collect(Collectors.toSet());
    }

    /** Of those that are pushed in part. */
    Map<Cid, Membership> memberships() {
        var members = new HashMap<Cid, Membership>();
        for (Scoped scoped : scopes) {
            if (scoped.scope().members != null) {
                members.put(scoped.scope().collection, scoped.scope().members);
            }
        }
        return members;
    }

    void acknowledge(long to) {
        scopes.forEach(scoped -> scoped.scope().acknowledge(scoped.epoch(), to));
    }
}
