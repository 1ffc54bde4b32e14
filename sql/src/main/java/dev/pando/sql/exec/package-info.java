/**
 * Execution of statements within a session: queries, changes of rows, definitions, rights, procedures. Start at
 * {@link dev.pando.sql.exec.Plan} and {@link dev.pando.sql.exec.Statements}, which makes plans of text.
 */
@NullMarked
package dev.pando.sql.exec;

import org.jspecify.annotations.NullMarked;
