package dev.pando.store;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The derived maps of one store. Opening, discarding and closing is for one thread. */
interface MapSet {

    /** The map of this name, made empty when there is none yet. */
    DerivedMap map(String name);

    /** Adds entries to a map that nobody else knows yet. Several threads may fill it at once. */
    void load(String name, List<PageCursor.Entry> entries);

    /** All maps made so far, by name. */
    Map<String, DerivedMap> all();

    /** Opens the maps that {@link #close} left; false when that cannot be, and then the caller discards. */
    boolean reopen(Map<String, String> files);

    /** Gives up everything, so that all maps are empty. */
    void discard() throws IOException;

    /** As {@link #discard}, for good: nobody is shown an empty map who reads still what was there. */
    void end() throws IOException;

    /** Whether a damaged entry was met; then the maps must not be used again. */
    boolean isDamaged();

    /** Where files of indexes may be kept; null when nothing is. They go with {@link #discard}. */
    @Nullable
    String indexDirectory();

    /**
     * Ends all maps, with their content durable.
     *
     * @return what {@link #reopen} needs; empty when the maps are gone
     */
    Map<String, String> close() throws IOException;

    /** For people: which implementation. */
    String description();
}
