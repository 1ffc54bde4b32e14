/**
 * From SQL text to a tree: the grammar's statements and the door to the generated parser. Uses Calcite's parser and
 * trees. Start at {@link dev.pando.sql.parser.PandoParser}; the grammar is {@code src/main/codegen}.
 */
@NullMarked
package dev.pando.sql.parser;

import org.jspecify.annotations.NullMarked;
