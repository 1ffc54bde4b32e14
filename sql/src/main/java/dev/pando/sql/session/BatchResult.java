package dev.pando.sql.session;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a batch gave.
 *
 * @param updateCounts one for each row of parameters
 * @param generatedKeys of all rows, in order; null when none were asked for
 */
public record BatchResult(long[] updateCounts, @Nullable Result generatedKeys, List<SqlWarningInfo> warnings) {}
