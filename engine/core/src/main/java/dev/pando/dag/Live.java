package dev.pando.dag;

/** What a delta does to the life of its document. */
public enum Live {
    /** Begins an incarnation. */
    INSERT("insert"),
    /** Resets: incarnations with lesser stamps count for nothing, for ever. */
    DELETE("delete");

    private final String text;

    Live(String text) {
        this.text = text;
    }

    /** As it stands in the block. */
    public String text() {
        return text;
    }
}
