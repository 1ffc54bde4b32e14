package dev.pando.jpa;

import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.FetchType;
import jakarta.persistence.ForeignKey;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Index;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.Lob;
import jakarta.persistence.ManyToMany;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Table;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** A column of every kind; its key comes of a sequence, fifty at a time. */
@Entity
@Table(indexes = @Index(name = "book_title", columnList = "title, weight DESC"))
class Book {
    enum Genre {
        NOVEL,
        POETRY
    }

    @Id
    @GeneratedValue(strategy = GenerationType.SEQUENCE)
    Long id;

    String title;

    @Column(precision = 10, scale = 2)
    BigDecimal price;

    @Enumerated(EnumType.STRING)
    Genre genre;

    @Enumerated(EnumType.ORDINAL)
    Genre mood;

    double weight;
    float rating;
    boolean lent;
    short pages;
    Integer stock;
    char initial = 'x';
    /** Never NULL: EclipseLink 4.0 reads no UUID that is. */
    UUID shelf = new UUID(0, 1);

    LocalDate published;
    LocalTime opens;
    LocalDateTime printed;
    OffsetDateTime changed;

    @Lob
    byte[] cover;

    byte[] checksum;

    @Lob
    String blurb;

    @ElementCollection
    List<String> notes = new ArrayList<>();

    @ElementCollection
    Map<String, Integer> marks = new HashMap<>();

    @ManyToMany
    Set<Tag> tags = new HashSet<>();

    @ManyToOne(fetch = FetchType.LAZY)
    @JoinColumn(foreignKey = @ForeignKey(name = "book_author"))
    Author author;

    protected Book() {}

    Book(Author author, String title) {
        this.author = author;
        this.title = title;
    }
}
