package dev.pando.sql.types;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.apache.calcite.jdbc.JavaTypeFactoryImpl;

/** The planner's types; texts are Unicode. */
public final class PandoTypeFactory extends JavaTypeFactoryImpl {
    public PandoTypeFactory() {
        super(new PandoTypeSystem());
    }

    @Override
    public Charset getDefaultCharset() {
        return StandardCharsets.UTF_8;
    }
}
