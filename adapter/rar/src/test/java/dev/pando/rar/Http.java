package dev.pando.rar;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

/** Requests to the server under test. */
final class Http {

    private static final String SERVER = System.getProperty("server.url");

    private Http() {}

    /** The lines of the answer; an AssertionError with the answer's text when its status is not 200. */
    static List<String> get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(SERVER + path)));
    }

    static List<String> post(String path, String body) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(SERVER + path)).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static List<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        /* A connection for each: over a lasting one Undertow answers requests from within the first one's task. */
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        HttpResponse<String> response =
                client.send(request.timeout(Duration.ofSeconds(60)).build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new AssertionError(response.uri() + ": " + response.statusCode() + " " + response.body());
        }
        return response.body().lines().toList();
    }
}
