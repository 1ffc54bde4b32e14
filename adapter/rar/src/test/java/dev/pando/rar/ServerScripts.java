package dev.pando.rar;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The scripts by which a server gets Pando, in the server under test. */
interface ServerScripts {

    /** Deploys the archive: a node and a data source. */
    void deploy(Path rootdir, String p2paddr, String sqladdr) throws IOException, InterruptedException;

    void undeploy() throws IOException, InterruptedException;

    /** Where applications find the data source. */
    String jndiName();

    static ServerScripts ofServer() {
        Path home = Path.of(System.getProperty("server.home"));
        String port = System.getProperty("server.admin");
        return System.getProperty("arquillian.launch").equals("wildfly")
                ? new WildFly(home, port)
                : new Payara(home, port);
    }

    /** One of the files that the documentation names. */
    static String script(String name) {
        return Path.of("src/main/scripts", name).toAbsolutePath().toString();
    }

    record WildFly(Path home, String port) implements ServerScripts {

        @Override
        public void deploy(Path rootdir, String p2paddr, String sqladdr) throws IOException, InterruptedException {
            Path properties = Files.createTempFile(Path.of("target").toAbsolutePath(), "pando", ".properties");
            Files.write(
                    properties,
                    List.of(
                            "pando.rar=" + Archives.RAR.toAbsolutePath(),
                            "pando.rootdir=" + rootdir,
                            "pando.p2paddr=" + p2paddr,
                            "pando.sqladdr=" + sqladdr));
            cli("--resolve-parameter-values", "--properties=" + properties, "--file=" + script("wildfly-deploy.cli"));
        }

        @Override
        public void undeploy() throws IOException, InterruptedException {
            cli("--file=" + script("wildfly-undeploy.cli"));
        }

        private void cli(String... arguments) throws IOException, InterruptedException {
            var command = new java.util.ArrayList<>(List.of(
                    home.resolve("bin/jboss-cli.sh").toString(), "--connect", "--controller=127.0.0.1:" + port));
            command.addAll(List.of(arguments));
            Programs.run(Map.of(), command);
        }

        @Override
        public String jndiName() {
            return "java:/jdbc/Pando";
        }
    }

    record Payara(Path home, String port) implements ServerScripts {

        @Override
        public void deploy(Path rootdir, String p2paddr, String sqladdr) throws IOException, InterruptedException {
            Map<String, String> environment = Map.of(
                    "ASADMIN", asadmin(),
                    "RAR", Archives.RAR.toAbsolutePath().toString(),
                    "ROOTDIR", rootdir.toString(),
                    "P2PADDR", p2paddr,
                    "SQLADDR", sqladdr);
            Programs.run(environment, List.of(script("payara-deploy.sh"), "--port", port));
        }

        @Override
        public void undeploy() throws IOException, InterruptedException {
            Programs.run(Map.of("ASADMIN", asadmin()), List.of(script("payara-undeploy.sh"), "--port", port));
        }

        private String asadmin() {
            return home.resolve("bin/asadmin").toString();
        }

        @Override
        public String jndiName() {
            return "jdbc/Pando";
        }
    }
}
