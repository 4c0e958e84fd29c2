package dev.nearside.serve.http;

import static dev.nearside.serve.ServerUnderTest.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** However an endpoint fails, all that its request held is given back, and the client is told. */
class RouteHandlerTest {
  private final Bodies bodies = new Bodies(1 << 20, 10_000, 1 << 24);
  private final Runs runs = new Runs();
  private final AtomicInteger left = new AtomicInteger();
  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server);
  private volatile Dialect dialect = problem -> Json.object().put("error", problem.getMessage());
  private volatile @Nullable Throwable failure;
  private volatile boolean isNotingBroken;

  /** Reads its body and fails as a test wants it. */
  private final class Failing implements Endpoint {
    @Override
    public String method() {
      return "POST";
    }

    @Override
    public String path() {
      return "/fail";
    }

    @Override
    public Dialect dialect() {
      return dialect;
    }

    @Override
    public void handle(Exchange exchange) throws Exception {
      exchange.json();
      assertTrue(bodies.total() > 0, "the body takes memory");
      switch (failure) {
        case null -> exchange.json(200, Json.object());
        case Error e -> throw e;
        case Exception e -> throw e;
        case Throwable t -> throw new IllegalStateException(t);
      }
    }
  }

  private final class Noting implements Guard {
    @Override
    public void pass(Exchange exchange, Endpoint endpoint) throws Exception {
      endpoint.handle(exchange);
    }

    @Override
    public void left(Exchange exchange, @Nullable String path, long nanos) {
      left.incrementAndGet();
      if (isNotingBroken) {
        throw new IllegalStateException("on purpose: no line can be written");
      }
    }
  }

  @BeforeEach
  void start() throws Exception {
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    Router router = new Router(List.of(new Failing()));
    server.setHandler(new RouteHandler(router, dialect, bodies, 0, new Noting(), runs));
    server.start();
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
  }

  private HttpResponse<String> post() throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + connector.getLocalPort() + "/fail");
      return client.send(
          HttpRequest.newBuilder(uri).POST(BodyPublishers.ofString("[1, 2, 3]")).build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  private void assertNothingIsHeld() throws Exception {
    assertTrue(eventually(() -> runs.count() == 0), "a run is still counted");
    assertEquals(0, bodies.total(), "memory of a body is still set aside");
    assertTrue(eventually(() -> left.get() == 1), "the request is not noted");
  }

  @Test
  void anyError_isAnswered_andHoldsNothing() throws Exception {
    failure = new AssertionError("on purpose");
    HttpResponse<String> answer = post();
    assertEquals(500, answer.statusCode());
    assertEquals("{\"error\":\"the server failed: got java.lang.AssertionError\"}", answer.body());
    assertNothingIsHeld();
  }

  @Test
  void errorThatCannotBeWritten_holdsNothing() throws Exception {
    failure = new LinkageError("on purpose");
    dialect =
        problem -> {
          throw new IllegalStateException("on purpose: no error can be written");
        };
    assertEquals(500, post().statusCode());
    assertNothingIsHeld();
  }

  @Test
  void requestThatCannotBeNoted_isAnsweredAllTheSame() throws Exception {
    isNotingBroken = true;
    assertEquals(200, post().statusCode());
    assertNothingIsHeld();
  }
}
