package dev.pando.sql.parser;

/**
 * What a statement of Pando's own grammar says; queries, DML and CALL are Calcite's own trees. {@link #toSql()} writes
 * text that parses to an equal statement.
 */
public sealed interface Statement
        permits TableStatement, ObjectStatement, RightsStatement, TransactionStatement, UtilityStatement {
    String toSql();
}
