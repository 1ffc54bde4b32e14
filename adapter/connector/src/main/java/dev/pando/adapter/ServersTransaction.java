package dev.pando.adapter;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.LocalTransaction;
import java.sql.Connection;
import java.sql.SQLException;

/** A local transaction that the server begins and ends. Each bound is one trip to the session thread. */
final class ServersTransaction implements LocalTransaction {

    private final PandoManagedConnection managed;
    private final Connection physical;

    ServersTransaction(PandoManagedConnection managed) {
        this.managed = managed;
        this.physical = managed.physical();
    }

    @Override
    public void begin() throws ResourceException {
        try {
            managed.bound(true, () -> {
                physical.setAutoCommit(false);
                return null;
            });
        } catch (SQLException failed) {
            throw Failures.transaction("cannot begin a transaction", failed);
        }
    }

    @Override
    public void commit() throws ResourceException {
        try {
            managed.bound(false, () -> {
                try {
                    physical.commit();
                } catch (SQLException failed) {
                    endFailed(failed);
                    throw failed;
                }
                physical.setAutoCommit(true);
                return null;
            });
        } catch (SQLException failed) {
            throw Failures.transaction("cannot commit", failed);
        }
    }

    @Override
    public void rollback() throws ResourceException {
        try {
            managed.bound(false, () -> {
                physical.rollback();
                physical.setAutoCommit(true);
                return null;
            });
        } catch (SQLException failed) {
            throw Failures.transaction("cannot roll back", failed);
        }
    }

    /* A commit that failed leaves its transaction open, and setAutoCommit(true) would try it again. */
    private void endFailed(SQLException failed) {
        try {
            physical.rollback();
            physical.setAutoCommit(true);
        } catch (SQLException again) {
            failed.addSuppressed(again);
        }
    }
}
