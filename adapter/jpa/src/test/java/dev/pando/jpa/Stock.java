package dev.pando.jpa;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import java.io.Serializable;
import java.util.Objects;

/** A key of two columns, and an amount to which all nodes add. */
@Entity
class Stock {
    @Embeddable
    static class Key implements Serializable {
        private static final long serialVersionUID = 1L;

        String shop;
        long book;

        protected Key() {}

        Key(String shop, long book) {
            this.shop = shop;
            this.book = book;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && key.shop.equals(shop) && key.book == book;
        }

        @Override
        public int hashCode() {
            return Objects.hash(shop, book);
        }
    }

    @EmbeddedId
    Key key;

    @Column(columnDefinition = "INTEGER COUNTER")
    int amount;

    @Column(length = 100)
    String place;

    @Column(length = 100)
    String remark;

    protected Stock() {}

    Stock(Key key, int amount) {
        this.key = key;
        this.amount = amount;
    }
}
