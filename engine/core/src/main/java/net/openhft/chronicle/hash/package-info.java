/**
 * Chronicle Map's package, for one class that Chronicle would otherwise generate and compile while the program runs.
 * Nothing else belongs here; what uses it is {@code dev.pando.store}.
 */
package net.openhft.chronicle.hash;
