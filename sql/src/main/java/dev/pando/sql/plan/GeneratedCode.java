package dev.pando.sql.plan;

import java.io.StringReader;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.enumerable.EnumerableRelImplementor;
import org.apache.calcite.linq4j.tree.ClassDeclaration;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.runtime.ArrayBindable;
import org.apache.calcite.runtime.Bindable;
import org.apache.calcite.runtime.Typed;
import org.apache.calcite.runtime.Utilities;
import org.codehaus.commons.compiler.CompileException;
import org.codehaus.commons.compiler.CompilerFactoryFactory;
import org.codehaus.commons.compiler.IClassBodyEvaluator;

/**
 * Makes classes of plans by Calcite's code generation, with a look in each loop and each function whether the statement
 * is to go on: a window over many rows would else run for minutes after it was cancelled.
 */
public final class GeneratedCode {
    /* Where bind() begins, whose parameter everything in it sees; before it stand classes of rows. */
    private static final Pattern BIND = Pattern.compile("(?m)^\\s*public \\S+ bind\\(final \\S+ root\\) \\{$");

    /* Headers of loops and functions that stand on one line, as nearly all do, and have no root of their own. */
    private static final Pattern REPEATED = Pattern.compile(
            "(?m)^\\s*(?:(?:for|while) \\(.*\\)|public \\S+ (?:apply|moveNext|compare)\\((?!.*\\broot\\b).*\\)) \\{$");

    private GeneratedCode() {}

    /** Calcite made code for a plan that is none. */
    static final class NotCompiledException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotCompiledException(Exception cause) {
            super("generated code does not compile", cause);
        }
    }

    /** @param kept gets the objects that the code refers to */
    static Bindable<?> compile(EnumerableRel rel, Map<String, Object> kept) {
        EnumerableRelImplementor implementor =
                new EnumerableRelImplementor(rel.getCluster().getRexBuilder(), kept);
        ClassDeclaration declaration = implementor.implementRoot(rel, EnumerableRel.Prefer.ARRAY);
        String body = Expressions.toString(declaration.memberDeclarations, "\n", false);
        boolean single = rel.getRowType().getFieldCount() == 1;
        try {
            return looking(declaration.name, single, body);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new NotCompiledException(e);
        }
    }

    /* Where a look does not fit in, the code goes without: it is right, and ends with what it reads. */
    private static Bindable<?> looking(String name, boolean single, String body) throws Exception {
        try {
            return compiled(name, single, withLooks(body));
        } catch (CompileException e) {
            return compiled(name, single, body);
        }
    }

    private static String withLooks(String body) {
        var bind = BIND.matcher(body);
        if (!bind.find()) {
            return body;
        }
        String look = "$0 " + GeneratedCode.class.getName() + ".look(root);";
        return body.substring(0, bind.end())
                + REPEATED.matcher(body.substring(bind.end())).replaceAll(look);
    }

    private static Bindable<?> compiled(String name, boolean single, String body) throws Exception {
        ClassLoader loader = GeneratedCode.class.getClassLoader();
        IClassBodyEvaluator evaluator =
                CompilerFactoryFactory.getDefaultCompilerFactory(loader).newClassBodyEvaluator();
        evaluator.setClassName(name);
        evaluator.setExtendedClass(Utilities.class);
        evaluator.setImplementedInterfaces(
                single ? new Class<?>[] {Bindable.class, Typed.class} : new Class<?>[] {ArrayBindable.class});
        evaluator.setParentClassLoader(loader);
        return (Bindable<?>) evaluator.createInstance(new StringReader(body));
    }

    /** Ends a statement that is to end. Generated code calls it. */
    public static void look(DataContext root) {
        ((QueryContext) root).look();
    }
}
