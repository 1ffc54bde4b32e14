package dev.pando.jpa;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Inheritance;
import jakarta.persistence.InheritanceType;

/** Each kind has a table of its own, joined to this one. */
@Entity
@Inheritance(strategy = InheritanceType.JOINED)
class Item {
    @Id
    @GeneratedValue(strategy = GenerationType.SEQUENCE)
    Long id;

    String name;

    int sold;

    protected Item() {}

    @Entity(name = "Disc")
    static class Disc extends Item {
        int minutes;

        protected Disc() {}

        Disc(String name, int minutes) {
            this.name = name;
            this.minutes = minutes;
        }
    }

    @Entity(name = "Poster")
    static class Poster extends Item {
        int width;

        protected Poster() {}

        Poster(String name, int width) {
            this.name = name;
            this.width = width;
        }
    }
}
