package dev.pando.rar;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.ResourceAdapterArchive;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** What the tests deploy. */
final class Archives {

    static final Path RAR = Path.of("target/pando.rar");

    private Archives() {}

    static ResourceAdapterArchive rar() {
        return ShrinkWrap.createFromZipFile(ResourceAdapterArchive.class, RAR.toFile());
    }

    static WebArchive probe() {
        return ShrinkWrap.create(WebArchive.class, "probe.war").addClass(ProbeServlet.class);
    }

    /** The application, with a connection definition of the portable kind. */
    static WebArchive shop(Map<String, String> properties) {
        return ShrinkWrap.create(WebArchive.class, "shop.war")
                .addClass(SqlServlet.class)
                .addClass(ProbeServlet.class)
                /* WildFly shows applications only the archives that they name. */
                .addAsManifestResource(
                        new StringAsset("Manifest-Version: 1.0\nDependencies: deployment.pando.rar\n"), "MANIFEST.MF")
                .setWebXML(new StringAsset(webXml(new LinkedHashMap<>(properties))));
    }

    /** The application without a connection definition: it uses what the server was configured to have. */
    static WebArchive plainShop() {
        return ShrinkWrap.create(WebArchive.class, "shop.war")
                .addClass(SqlServlet.class)
                .addClass(ProbeServlet.class);
    }

    private static String webXml(Map<String, String> properties) {
        var xml = new StringBuilder("""
                <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
                  <connection-factory>
                    <name>java:app/jdbc/Pando</name>
                    <interface-name>javax.sql.DataSource</interface-name>
                    <resource-adapter>pando</resource-adapter>
                    <transaction-support>LocalTransaction</transaction-support>
                """);
        properties.forEach((name, value) -> xml.append("    <property><name>")
                .append(name)
                .append("</name><value>")
                .append(value)
                .append("</value></property>\n"));
        return xml.append("  </connection-factory>\n</web-app>\n").toString();
    }
}
