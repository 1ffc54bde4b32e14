package dev.pando.jpa;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import java.math.BigDecimal;

/** All kinds in one table. */
@Entity
abstract class Payment {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    Long id;

    @Column(precision = 12, scale = 2)
    BigDecimal amount;

    @Entity(name = "Card")
    static class Card extends Payment {
        String number;

        protected Card() {}

        Card(String amount, String number) {
            this.amount = new BigDecimal(amount);
            this.number = number;
        }
    }

    @Entity(name = "Cash")
    static class Cash extends Payment {
        String currency;

        protected Cash() {}

        Cash(String amount, String currency) {
            this.amount = new BigDecimal(amount);
            this.currency = currency;
        }
    }
}
