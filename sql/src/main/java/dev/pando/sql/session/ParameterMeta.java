package dev.pando.sql.session;

/**
 * A parameter of a statement.
 *
 * @param type as inferred from where it stands; {@link SqlType#OTHER} when any type will do
 */
public record ParameterMeta(SqlType type, int precision, int scale) {}
