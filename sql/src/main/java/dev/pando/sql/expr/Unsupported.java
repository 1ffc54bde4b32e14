package dev.pando.sql.expr;

/** Says that an expression is beyond the interpreter: the planner takes it, or the user is told. */
public final class Unsupported extends Exception {
    private static final long serialVersionUID = 1L;

    public Unsupported(String what) {
        super(what, null, false, false);
    }
}
