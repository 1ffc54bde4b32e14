package dev.pando.jpa;

import jakarta.persistence.CascadeType;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.OneToMany;
import jakarta.persistence.OrderBy;
import jakarta.persistence.Table;
import jakarta.persistence.UniqueConstraint;
import jakarta.persistence.Version;
import java.util.ArrayList;
import java.util.List;

/** Its key is an IDENTITY column; edits on other nodes count in its version, too. */
@Entity
@Table(uniqueConstraints = @UniqueConstraint(name = "author_name", columnNames = "name"))
class Author {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    Long id;

    @Column(nullable = false, length = 100)
    String name;

    @Column(length = 2)
    String country;

    @Version
    @Column(columnDefinition = "BIGINT COUNTER NOT NULL")
    long version;

    @OneToMany(mappedBy = "author", cascade = CascadeType.ALL, orphanRemoval = true)
    @OrderBy("weight")
    List<Book> books = new ArrayList<>();

    protected Author() {}

    Author(String name) {
        this.name = name;
    }
}
