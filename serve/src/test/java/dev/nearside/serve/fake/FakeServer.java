package dev.nearside.serve.fake;

import dev.nearside.serve.Host;
import dev.nearside.serve.NearsideServer;
import dev.nearside.serve.ServerOptions;
import dev.nearside.serve.Services;
import dev.nearside.serve.StubWorkshop;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** A server on a port of its own, with {@link FakeModels}, and a client to it. */
public final class FakeServer implements AutoCloseable {
  public static final ObjectMapper JSON = new ObjectMapper();

  public final FakeModels models = new FakeModels();
  public final FakeBackend backend = models.backend;
  public final NearsideServer server;
  private final HttpClient client = HttpClient.newHttpClient();

  public FakeServer() {
    Services services =
        new Services(
            models,
            FakeHub.of("fake:1b", "base:1b", "hf.co/user/repo:Q4_K_M"),
            FakeModels.CHAT,
            "1.2.3",
            Clock.systemUTC(),
            new StubWorkshop(),
            new Host("none", 1L << 30));
    server = NearsideServer.start(services, ServerOptions.DEFAULTS.withAddress("127.0.0.1", 0));
  }

  /** An event of a stream. */
  public record Event(String name, String data) {
    public JsonNode json() {
      return JSON.readTree(data);
    }
  }

  /** What came back. */
  public record Answer(int status, String body, HttpResponse<String> response) {
    public JsonNode json() {
      return JSON.readTree(body);
    }

    public String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    /** The events of a stream; the name is empty where there is none. */
    public List<Event> events() {
      List<Event> out = new ArrayList<>();
      for (String block : body.split("\n\n", -1)) {
        String name = "";
        StringBuilder data = new StringBuilder();
        for (String line : block.split("\n", -1)) {
          if (line.startsWith("event: ")) {
            name = line.substring(7);
          } else if (line.startsWith("data: ")) {
            data.append(line.substring(6));
          }
        }
        if (!data.isEmpty()) {
          out.add(new Event(name, data.toString()));
        }
      }
      return out;
    }
  }

  public Answer get(String path, String... headers) throws IOException, InterruptedException {
    return send(request(path, headers).GET());
  }

  /** Sends a body of JSON. */
  public Answer post(String path, String json, String... headers)
      throws IOException, InterruptedException {
    return send(request(path, headers).POST(BodyPublishers.ofString(json)));
  }

  public Answer delete(String path) throws IOException, InterruptedException {
    return send(request(path).DELETE());
  }

  public HttpRequest.Builder request(String path, String... headers) {
    HttpRequest.Builder out =
        HttpRequest.newBuilder(server.uri().resolve(path)).timeout(Duration.ofSeconds(20));
    return headers.length == 0 ? out : out.headers(headers);
  }

  public Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> response =
        client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    return new Answer(response.statusCode(), response.body(), response);
  }

  /** Waits for what happens on other threads; false when it does not within some seconds. */
  public static boolean eventually(BooleanSupplier condition) throws InterruptedException {
    for (int i = 0; i < 500 && !condition.getAsBoolean(); i++) {
      Thread.sleep(20);
    }
    return condition.getAsBoolean();
  }

  @Override
  public void close() {
    client.close();
    server.close();
  }
}
