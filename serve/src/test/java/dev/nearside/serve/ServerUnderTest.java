package dev.nearside.serve;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.hub.HubConfig;
import dev.nearside.hub.ModelHub;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * A server over a real socket with {@link ScriptedModels} and an empty store that has no network.
 */
public final class ServerUnderTest implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  public final ScriptedModels models = new ScriptedModels();
  public final ModelHub hub;
  public final NearsideServer server;
  private final HttpClient client = HttpClient.newHttpClient();

  public ServerUnderTest(Path home) {
    this(home, ServerOptions.DEFAULTS);
  }

  public ServerUnderTest(Path home, ServerOptions options) {
    this(home, options, 0);
  }

  ServerUnderTest(Path home, ServerOptions options, int port) {
    hub =
        ModelHub.open(
            HubConfig.fromEnvironment(
                Map.of("NEARSIDE_HOME", home.toString(), "NEARSIDE_OFFLINE", "1"), home));
    Services services =
        new Services(
            models,
            hub,
            ScriptedModels.NAME,
            "1.2.3",
            Clock.systemUTC(),
            new StubWorkshop(),
            new Host("none", 1L << 30));
    server = NearsideServer.start(services, options.withAddress(options.host(), port));
  }

  /** What came back. */
  public record Answer(int status, String body, HttpResponse<String> response) {
    public JsonNode json() {
      return JSON.readTree(body);
    }

    /** The lines of a stream. */
    public List<JsonNode> lines() {
      return body.lines().map(JSON::readTree).toList();
    }

    public String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }
  }

  public Answer get(String path) throws IOException, InterruptedException {
    return send(request(path).GET());
  }

  public Answer post(String path, String body) throws IOException, InterruptedException {
    return send(request(path).POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  public Answer send(String method, String path, String body)
      throws IOException, InterruptedException {
    return send(request(path).method(method, HttpRequest.BodyPublishers.ofString(body)));
  }

  public HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(server.uri().resolve(path)).timeout(Duration.ofSeconds(20));
  }

  public Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> response =
        client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    return new Answer(response.statusCode(), response.body(), response);
  }

  /** A connection of one's own. */
  public Socket socket() throws IOException {
    Socket socket = new Socket(server.uri().getHost(), server.uri().getPort());
    socket.setSoTimeout(20_000);
    return socket;
  }

  /** Waits for what happens on other threads; false when it does not within some seconds. */
  public static boolean eventually(BooleanSupplier condition) throws InterruptedException {
    for (int i = 0; i < 500; i++) {
      if (condition.getAsBoolean()) {
        return true;
      }
      Thread.sleep(20);
    }
    return condition.getAsBoolean();
  }

  /** A lease goes back after the last byte is sent: a client may be quicker. */
  public void assertNoLease() throws InterruptedException {
    assertTrue(eventually(() -> models.leases.get() == 0), "a lease is still held");
  }

  @Override
  public void close() {
    client.close();
    server.close();
  }
}
