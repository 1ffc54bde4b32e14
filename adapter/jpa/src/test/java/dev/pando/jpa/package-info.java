/** What applications do with JPA, done with each provider. */
package dev.pando.jpa;
