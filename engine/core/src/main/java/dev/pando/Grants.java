package dev.pando;

import dev.pando.libp2p.PeerId;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What peers may do with this node's collections. Durable at once, tested at admission and before serving. */
public interface Grants {

    /** @param peer empty for any peer */
    void grant(Table table, Optional<PeerId> peer, Set<Right> rights);

    /** @param peer empty for what was granted to any peer */
    void revoke(Table table, Optional<PeerId> peer, Set<Right> rights);

    List<Grant> list();

    /** Whether {@code peer} has the right on the table, by a grant to it, to any peer, or by {@code trustAll}. */
    boolean allows(Table table, PeerId peer, Right right);

    /** @param peer empty for any peer */
    record Grant(Table table, Optional<PeerId> peer, Set<Right> rights) {}

    /** The three rights of docs/rules.md §6. */
    enum Right {
        /** {@code GRANT SELECT}. */
        READ,
        /** {@code GRANT INSERT, UPDATE, DELETE}. */
        WRITE,
        /** {@code GRANT ALTER}. */
        ALTER
    }
}
