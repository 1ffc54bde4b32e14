package dev.pando.jpa;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.Id;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** Values that Hibernate alone maps. */
@Entity
class Sheet {
    @Id
    @GeneratedValue
    Long id;

    Instant instant;
    ZonedDateTime zoned;
    Duration duration;
    String[] words;
    List<Integer> numbers;

    @JdbcTypeCode(SqlTypes.JSON)
    Map<String, String> json;

    java.util.@Nullable UUID none;
}
