/**
 * Expressions that are interpreted, without the planner: for CHECK, DEFAULT and predicates in the engine, and for the
 * short paths of simple statements. Start at {@link dev.pando.sql.expr.ExpressionBinder}.
 */
@NullMarked
package dev.pando.sql.expr;

import org.jspecify.annotations.NullMarked;
