package dev.pando.sql.types;

import dev.pando.sql.session.PandoSqlState;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;

/** Dates and times as the engine counts them, in days and microseconds, and as Java and SQL texts have them. */
public final class Times {
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long NANOS_PER_MICRO = 1_000;

    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
            .appendPattern("HH:mm[:ss]")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
            .toFormatter();
    private static final DateTimeFormatter TIMESTAMP = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .optionalStart()
            .appendPattern("[ ]['T']")
            .append(TIME)
            .optionalEnd()
            .parseDefaulting(ChronoField.HOUR_OF_DAY, 0)
            .parseDefaulting(ChronoField.MINUTE_OF_HOUR, 0)
            .toFormatter();
    private static final DateTimeFormatter SHOWN_TIME = new DateTimeFormatterBuilder()
            .appendPattern("HH:mm:ss")
            .appendFraction(ChronoField.MICRO_OF_SECOND, 0, 6, true)
            .toFormatter();

    private Times() {}

    public static LocalTime timeOf(long micros) {
        return LocalTime.ofNanoOfDay(micros * NANOS_PER_MICRO);
    }

    public static long micros(LocalTime time) {
        return time.toNanoOfDay() / NANOS_PER_MICRO;
    }

    public static LocalDateTime dateTimeOf(long micros) {
        return LocalDateTime.ofEpochSecond(
                Math.floorDiv(micros, MICROS_PER_SECOND),
                (int) (Math.floorMod(micros, MICROS_PER_SECOND) * NANOS_PER_MICRO),
                ZoneOffset.UTC);
    }

    public static long micros(LocalDateTime time) {
        return time.toEpochSecond(ZoneOffset.UTC) * MICROS_PER_SECOND + time.getNano() / NANOS_PER_MICRO;
    }

    public static OffsetDateTime instantOf(long micros) {
        return dateTimeOf(micros).atOffset(ZoneOffset.UTC);
    }

    public static long micros(Instant instant) {
        return instant.getEpochSecond() * MICROS_PER_SECOND + instant.getNano() / NANOS_PER_MICRO;
    }

    public static LocalDate parseDate(String text) throws SQLException {
        try {
            return LocalDate.parse(text.strip());
        } catch (DateTimeException e) {
            throw bad(text, "a date such as 2026-11-22", e);
        }
    }

    public static LocalTime parseTime(String text) throws SQLException {
        try {
            return LocalTime.parse(text.strip(), TIME);
        } catch (DateTimeException e) {
            throw bad(text, "a time such as 10:30:00", e);
        }
    }

    public static LocalDateTime parseTimestamp(String text) throws SQLException {
        try {
            return LocalDateTime.parse(text.strip(), TIMESTAMP);
        } catch (DateTimeException e) {
            throw bad(text, "a timestamp such as 2026-11-22 10:30:00", e);
        }
    }

    /** A text without an offset is taken as UTC. */
    public static OffsetDateTime parseInstant(String text) throws SQLException {
        String stripped = text.strip();
        int sign = Math.max(stripped.lastIndexOf('+'), stripped.lastIndexOf('-'));
        boolean zulu = stripped.endsWith("Z") || stripped.endsWith("z");
        if (!zulu && sign <= "yyyy-MM-dd".length()) {
            return parseTimestamp(stripped).atOffset(ZoneOffset.UTC);
        }
        int cut = zulu ? stripped.length() - 1 : sign;
        try {
            ZoneOffset offset = zulu ? ZoneOffset.UTC : ZoneOffset.of(stripped.substring(cut));
            return parseTimestamp(stripped.substring(0, cut)).atOffset(offset);
        } catch (DateTimeException e) {
            throw bad(text, "a timestamp with an offset such as 2026-11-22 10:30:00+01:00", e);
        }
    }

    public static String shown(LocalTime time) {
        return SHOWN_TIME.format(time);
    }

    public static String shown(LocalDateTime time) {
        return time.toLocalDate() + " " + shown(time.toLocalTime());
    }

    public static String shown(OffsetDateTime time) {
        String offset = time.getOffset().equals(ZoneOffset.UTC)
                ? "+00:00"
                : time.getOffset().getId();
        return shown(time.toLocalDateTime()) + offset;
    }

    private static SQLException bad(String text, String expected, Exception cause) {
        return PandoSqlState.BAD_DATETIME.exception("'" + text + "' is not " + expected, cause);
    }
}
