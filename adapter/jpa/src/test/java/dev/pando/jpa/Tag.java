package dev.pando.jpa;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import java.util.UUID;

/** Its key is made by the provider. */
@Entity
class Tag {
    @Id
    @GeneratedValue(strategy = GenerationType.UUID)
    UUID id;

    String word;

    protected Tag() {}

    Tag(String word) {
        this.word = word;
    }
}
