package dev.pando.collection;

import dev.pando.dag.Values;
import java.time.LocalDate;

/** What SQL can write of dates and times: years 0001 to 9999. */
final class Ranges {

    static final long DATE_MIN = LocalDate.of(1, 1, 1).toEpochDay();
    static final long DATE_MAX = LocalDate.of(9999, 12, 31).toEpochDay();
    static final long TIMESTAMP_MIN = DATE_MIN * Values.DAY_MICROS;
    static final long TIMESTAMP_MAX = (DATE_MAX + 1) * Values.DAY_MICROS - 1;

    private Ranges() {}
}
