package dev.pando.sql.expr;

import dev.pando.ColumnType;
import dev.pando.ColumnType.Family;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.types.SqlTypes;
import dev.pando.sql.types.Times;
import java.sql.SQLException;
import java.text.ParseException;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAdjusters;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.util.format.postgresql.CompiledDateTimeFormat;
import org.apache.calcite.util.format.postgresql.PostgresqlDateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Functions of dates and times, which have microseconds. */
final class TimeFunctions {
    private static final ColumnType DATE = SqlTypes.named("DATE", -1, 0);
    private static final ColumnType TIMESTAMP = SqlTypes.named("TIMESTAMP", -1, 0);
    private static final ColumnType TIMESTAMP_TZ = SqlTypes.named("TIMESTAMP WITH TIME ZONE", -1, 0);
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final int YEAR_MAX = 9_999;
    private static final long MICROS_PER_DAY = 86_400 * MICROS_PER_SECOND;

    private TimeFunctions() {}

    static void addTo(Library.Sink sink) {
        sink.add("EXTRACT", 2, 2, types -> extracting(types, ColumnType.BIGINT));
        sink.add("DATE_PART", 2, 2, types -> extracting(types, ColumnType.DOUBLE));
        sink.add("DATE_TRUNC", 2, 2, TimeFunctions::truncating);
        sink.add("TO_CHAR", 2, 2, TimeFunctions::shown);
        sink.add("TO_DATE", 2, 2, types -> read(types, DATE));
        sink.add("TO_TIMESTAMP", 2, 2, types -> read(types, TIMESTAMP_TZ));
        sink.add("TIMESTAMPDIFF", 3, 3, TimeFunctions::between);
        sink.add("FLOOR", 2, 2, types -> stepping(types, false));
        sink.add("CEIL", 2, 2, types -> stepping(types, true));
        sink.add("CEILING", 2, 2, types -> stepping(types, true));
        sink.add(
                "LAST_DAY",
                1,
                1,
                types -> isTime(types.get(0)) ? new Library.Made(DATE, v -> lastDay(types, v)) : null);
        sink.add(
                "MAKE_DATE",
                3,
                3,
                types -> Library.are(types, "III")
                        ? new Library.Made(DATE, v -> made((Long) v[0], (Long) v[1], (Long) v[2]))
                        : null);
    }

    private static boolean isText(ColumnType type) {
        return type.family() == Family.TEXT;
    }

    private static boolean isTime(ColumnType type) {
        return switch (type.family()) {
            case DATE, TIME, TS, TSTZ -> true;
            default -> false;
        };
    }

    private static Library.@Nullable Made extracting(List<ColumnType> types, ColumnType result) {
        if (!isText(types.get(0)) || !isTime(types.get(1))) {
            return null;
        }
        ColumnType of = types.get(1);
        return new Library.Made(result, v -> {
            String unit = unit((String) v[0]);
            if (result.family() == Family.FLOAT && (unit.equals("SECOND") || unit.equals("EPOCH"))) {
                boolean epoch = unit.equals("EPOCH");
                long micros = epoch
                        ? micros(of, (Long) v[1])
                        : Math.floorMod(micros(of, (Long) v[1]), 60 * MICROS_PER_SECOND);
                return micros / (double) MICROS_PER_SECOND;
            }
            long part = part(unit, of, (Long) v[1]);
            return result.family() == Family.FLOAT ? (Object) (double) part : (Object) part;
        });
    }

    private static String unit(String text) {
        String unit = text.strip().toUpperCase(Locale.ROOT);
        return unit.endsWith("S") && !unit.equals("DAYS") ? singular(unit) : unit.equals("DAYS") ? "DAY" : unit;
    }

    private static String singular(String unit) {
        return switch (unit) {
            case "YEARS",
                    "MONTHS",
                    "WEEKS",
                    "HOURS",
                    "MINUTES",
                    "SECONDS",
                    "QUARTERS",
                    "DECADES",
                    "MILLISECONDS",
                    "MICROSECONDS" -> unit.substring(0, unit.length() - 1);
            default -> unit;
        };
    }

    /* Of a date that of its midnight; of a time that of the first day. */
    private static long micros(ColumnType type, long value) {
        return type.family() == Family.DATE ? Math.multiplyExact(value, MICROS_PER_DAY) : value;
    }

    private static long part(String unit, ColumnType type, long value) throws SQLException {
        long micros = micros(type, value);
        LocalDateTime at = Times.dateTimeOf(micros);
        boolean ofDay = type.family() == Family.TIME;
        switch (unit) {
            case "HOUR":
                return at.getHour();
            case "MINUTE":
                return at.getMinute();
            case "SECOND":
                return at.getSecond();
            case "MILLISECOND":
                return Math.floorMod(micros, 60 * MICROS_PER_SECOND) / 1_000;
            case "MICROSECOND":
                return Math.floorMod(micros, 60 * MICROS_PER_SECOND);
            case "NANOSECOND":
                return Math.floorMod(micros, 60 * MICROS_PER_SECOND) * 1_000;
            case "EPOCH":
                return Math.floorDiv(micros, MICROS_PER_SECOND);
            default:
                if (ofDay) {
                    throw unknown(unit, "a TIME");
                }
                return datePart(unit, at.toLocalDate());
        }
    }

    private static long datePart(String unit, LocalDate day) throws SQLException {
        int year = day.getYear();
        return switch (unit) {
            case "YEAR" -> year;
            case "MONTH" -> day.getMonthValue();
            case "DAY" -> day.getDayOfMonth();
            case "QUARTER" -> day.get(IsoFields.QUARTER_OF_YEAR);
            case "WEEK" -> day.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
            case "ISOYEAR" -> day.get(IsoFields.WEEK_BASED_YEAR);
            case "ISODOW" -> day.getDayOfWeek().getValue();
            case "DOW" -> day.getDayOfWeek().getValue() % 7 + 1L;
            case "DOY" -> day.getDayOfYear();
            case "DECADE" -> Math.floorDiv(year, 10);
            case "CENTURY" -> year > 0 ? (year + 99) / 100 : year / 100 - 1;
            case "MILLENNIUM" -> year > 0 ? (year + 999) / 1_000 : year / 1_000 - 1;
            default -> throw unknown(unit, "a date");
        };
    }

    private static SQLException unknown(String unit, String of) {
        return PandoSqlState.BAD_PARAMETER_VALUE.exception("'" + unit + "' is no part of " + of
                + ": expected YEAR, QUARTER, MONTH, WEEK, DAY, DOW, DOY, HOUR, MINUTE, SECOND, EPOCH …");
    }

    /* As PostgreSQL has the patterns. */
    private static Library.@Nullable Made shown(List<ColumnType> types) {
        ColumnType of = types.get(0);
        if (!isTime(of) || of.family() == Family.TIME || !isText(types.get(1))) {
            return null;
        }
        return new Library.Made(
                ColumnType.VARCHAR,
                v -> pattern(v[1])
                        .formatDateTime(
                                Times.dateTimeOf(micros(of, (Long) v[0])).atZone(ZoneOffset.UTC), Locale.ROOT));
    }

    private static Library.@Nullable Made read(List<ColumnType> types, ColumnType result) {
        return !Library.are(types, "TT")
                ? null
                : new Library.Made(result, v -> {
                    try {
                        LocalDateTime found = pattern(v[1])
                                .parseDateTime((String) v[0], ZoneOffset.UTC, Locale.ROOT)
                                .withZoneSameInstant(ZoneOffset.UTC)
                                .toLocalDateTime();
                        return result.family() == Family.DATE
                                ? (Object) found.toLocalDate().toEpochDay()
                                : (Object) Times.micros(found);
                    } catch (ParseException | DateTimeException e) {
                        throw PandoSqlState.BAD_DATETIME.exception("'" + v[0] + "' does not read as " + v[1], e);
                    }
                });
    }

    private static CompiledDateTimeFormat pattern(Object text) throws SQLException {
        try {
            return PostgresqlDateTimeFormatter.compilePattern((String) text);
        } catch (RuntimeException e) {
            throw PandoSqlState.BAD_PARAMETER_VALUE.exception("'" + text + "' is no pattern of a time", e);
        }
    }

    private static Library.@Nullable Made between(List<ColumnType> types) {
        ColumnType from = types.get(1);
        ColumnType to = types.get(2);
        boolean fits = isText(types.get(0))
                && isTime(from)
                && isTime(to)
                && (from.family() == Family.TIME) == (to.family() == Family.TIME);
        return fits
                ? new Library.Made(
                        ColumnType.BIGINT,
                        v -> between(unit((String) v[0]), micros(from, (Long) v[1]), micros(to, (Long) v[2])))
                : null;
    }

    private static long between(String unit, long from, long to) throws SQLException {
        ChronoUnit counted = switch (unit) {
            case "NANOSECOND" -> ChronoUnit.NANOS;
            case "MICROSECOND" -> ChronoUnit.MICROS;
            case "MILLISECOND" -> ChronoUnit.MILLIS;
            case "SECOND" -> ChronoUnit.SECONDS;
            case "MINUTE" -> ChronoUnit.MINUTES;
            case "HOUR" -> ChronoUnit.HOURS;
            case "DAY" -> ChronoUnit.DAYS;
            case "WEEK" -> ChronoUnit.WEEKS;
            case "MONTH" -> ChronoUnit.MONTHS;
            case "QUARTER" -> ChronoUnit.MONTHS;
            case "YEAR" -> ChronoUnit.YEARS;
            case "DECADE" -> ChronoUnit.DECADES;
            case "CENTURY" -> ChronoUnit.CENTURIES;
            case "MILLENNIUM" -> ChronoUnit.MILLENNIA;
            default ->
                throw PandoSqlState.BAD_PARAMETER_VALUE.exception(
                        "times are not counted in '" + unit
                                + "': expected YEAR, QUARTER, MONTH, WEEK, DAY, HOUR, MINUTE, SECOND, MILLISECOND, MICROSECOND");
        };
        try {
            long count = counted.between(Times.dateTimeOf(from), Times.dateTimeOf(to));
            return unit.equals("QUARTER") ? count / 3 : count;
        } catch (ArithmeticException e) {
            throw PandoSqlState.OUT_OF_RANGE.exception("the time between is out of range", e);
        }
    }

    private static Library.@Nullable Made truncating(List<ColumnType> types) {
        if (!isText(types.get(0)) || !isTime(types.get(1))) {
            return null;
        }
        return stepped(types.get(1), types.get(1).family() == Family.DATE ? TIMESTAMP : types.get(1), 0, false);
    }

    /* FLOOR and CEIL of a time TO a unit. */
    private static Library.@Nullable Made stepping(List<ColumnType> types, boolean up) {
        if (!isTime(types.get(0)) || !isText(types.get(1))) {
            return null;
        }
        return stepped(types.get(0), types.get(0), 1, up);
    }

    private static Library.Made stepped(ColumnType from, ColumnType to, int unitAt, boolean up) {
        return new Library.Made(to, v -> {
            long micros = micros(from, (Long) v[1 - unitAt]);
            String unit = unit((String) v[unitAt]);
            LocalDateTime at = Times.dateTimeOf(micros);
            LocalDateTime low = truncated(unit, at);
            LocalDateTime found = up && low.isBefore(at) ? next(unit, low) : low;
            long result = Times.micros(found);
            if (to.family() == Family.DATE) {
                return Math.floorDiv(result, MICROS_PER_DAY);
            }
            return to.family() == Family.TIME ? Math.floorMod(result, MICROS_PER_DAY) : result;
        });
    }

    private static LocalDateTime truncated(String unit, LocalDateTime at) throws SQLException {
        LocalDate day = at.toLocalDate();
        int year = day.getYear();
        return switch (unit) {
            case "MICROSECOND", "NANOSECOND" -> at.truncatedTo(ChronoUnit.MICROS);
            case "MILLISECOND" -> at.truncatedTo(ChronoUnit.MILLIS);
            case "SECOND" -> at.truncatedTo(ChronoUnit.SECONDS);
            case "MINUTE" -> at.truncatedTo(ChronoUnit.MINUTES);
            case "HOUR" -> at.truncatedTo(ChronoUnit.HOURS);
            case "DAY", "DOW", "DOY" -> day.atStartOfDay();
            case "WEEK", "ISOWEEK" ->
                day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)).atStartOfDay();
            case "MONTH" -> day.withDayOfMonth(1).atStartOfDay();
            case "QUARTER" ->
                LocalDate.of(year, (day.getMonthValue() - 1) / 3 * 3 + 1, 1).atStartOfDay();
            case "YEAR" -> LocalDate.of(year, 1, 1).atStartOfDay();
            case "DECADE" -> LocalDate.of(Math.floorDiv(year, 10) * 10, 1, 1).atStartOfDay();
            case "CENTURY" ->
                LocalDate.of(Math.floorDiv(year - 1, 100) * 100 + 1, 1, 1).atStartOfDay();
            case "MILLENNIUM" ->
                LocalDate.of(Math.floorDiv(year - 1, 1_000) * 1_000 + 1, 1, 1).atStartOfDay();
            default -> throw unknown(unit, "a time");
        };
    }

    private static LocalDateTime next(String unit, LocalDateTime low) throws SQLException {
        return switch (unit) {
            case "MICROSECOND", "NANOSECOND" -> low.plus(1, ChronoUnit.MICROS);
            case "MILLISECOND" -> low.plus(1, ChronoUnit.MILLIS);
            case "SECOND" -> low.plusSeconds(1);
            case "MINUTE" -> low.plusMinutes(1);
            case "HOUR" -> low.plusHours(1);
            case "DAY", "DOW", "DOY" -> low.plusDays(1);
            case "WEEK", "ISOWEEK" -> low.plusWeeks(1);
            case "MONTH" -> low.plusMonths(1);
            case "QUARTER" -> low.plusMonths(3);
            case "YEAR" -> low.plusYears(1);
            case "DECADE" -> low.plusYears(10);
            case "CENTURY" -> low.plusYears(100);
            case "MILLENNIUM" -> low.plusYears(1_000);
            default -> throw unknown(unit, "a time");
        };
    }

    private static Object lastDay(List<ColumnType> types, Object[] v) {
        LocalDate day = Times.dateTimeOf(micros(types.get(0), (Long) v[0])).toLocalDate();
        return day.with(TemporalAdjusters.lastDayOfMonth()).toEpochDay();
    }

    private static Object made(long year, long month, long day) throws SQLException {
        try {
            return LocalDate.of(Math.toIntExact(year), Math.toIntExact(month), Math.toIntExact(day))
                    .toEpochDay();
        } catch (DateTimeException | ArithmeticException e) {
            throw PandoSqlState.BAD_DATETIME.exception(year + "-" + month + "-" + day + " is no date", e);
        }
    }

    /**
     * A time some months or microseconds later; a day is cut to the last of its month.
     *
     * @param months whether {@code amount} counts months
     */
    static Object plus(ColumnType type, long value, long amount, boolean months) throws SQLException {
        try {
            if (type.family() == Family.TIME) {
                return Math.floorMod(months ? value : Math.addExact(value, amount), MICROS_PER_DAY);
            }
            long micros = micros(type, value);
            long moved =
                    months ? Times.micros(Times.dateTimeOf(micros).plusMonths(amount)) : Math.addExact(micros, amount);
            int year = Times.dateTimeOf(moved).getYear();
            if (year < 1 || year > YEAR_MAX) {
                throw new DateTimeException("year " + year);
            }
            return type.family() == Family.DATE ? Math.floorDiv(moved, MICROS_PER_DAY) : moved;
        } catch (DateTimeException | ArithmeticException e) {
            throw PandoSqlState.OUT_OF_RANGE.exception("the time is out of range: years are 1 to " + YEAR_MAX, e);
        }
    }
}
