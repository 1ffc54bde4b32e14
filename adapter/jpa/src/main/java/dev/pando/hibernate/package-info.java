/**
 * A dialect for Hibernate ORM, which finds it by itself. It may use Hibernate alone; start with {@link
 * dev.pando.hibernate.PandoDialect}.
 */
@NullMarked
package dev.pando.hibernate;

import org.jspecify.annotations.NullMarked;
