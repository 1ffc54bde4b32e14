package dev.pando.sql.catalog;

/** A view as it is kept: the text of its query, with its column names already in it. */
public record View(String schema, String name, String sql) {}
