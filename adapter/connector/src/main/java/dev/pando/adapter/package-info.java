/**
 * Pando inside an application server: a Jakarta Connectors resource adapter that starts a node and hands out {@link
 * javax.sql.DataSource}s into it. Uses the JDBC driver and {@code jakarta.resource} only. Start reading at {@link
 * dev.pando.adapter.PandoResourceAdapter}; how a call travels from the application to the database is told in {@link
 * dev.pando.adapter.EngineThreads}.
 */
@NullMarked
package dev.pando.adapter;

import org.jspecify.annotations.NullMarked;
