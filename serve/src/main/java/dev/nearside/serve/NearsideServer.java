package dev.nearside.serve;

import dev.nearside.base.Fault;
import dev.nearside.serve.guard.ServerGuard;
import dev.nearside.serve.http.Bodies;
import dev.nearside.serve.http.Endpoint;
import dev.nearside.serve.http.ErrorPages;
import dev.nearside.serve.http.RouteHandler;
import dev.nearside.serve.http.Router;
import dev.nearside.serve.http.Runs;
import dev.nearside.serve.metrics.Activity;
import dev.nearside.serve.metrics.MeteredModels;
import dev.nearside.serve.metrics.MetricsPage;
import dev.nearside.serve.metrics.ServerMetrics;
import dev.nearside.serve.openai.OpenAiErrors;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The HTTP server. */
public final class NearsideServer implements AutoCloseable {
  private static final long CANCEL_MILLIS = 3_000;

  // Held, or the level would be forgotten with the logger.
  private static final Logger JETTY = Logger.getLogger("org.eclipse.jetty");

  private final JettyServer jetty;
  private final ServerOptions options;
  private final Runs runs;
  private final ServerGuard guard;

  private NearsideServer(JettyServer jetty, ServerOptions options, Runs runs, ServerGuard guard) {
    this.jetty = jetty;
    this.options = options;
    this.runs = runs;
    this.guard = guard;
  }

  /**
   * Starts a server.
   *
   * @throws ServeException when the address can't be had
   */
  public static NearsideServer start(Services services, ServerOptions options) {
    return start(services, options, List::of);
  }

  /**
   * Starts a server.
   *
   * @param samples further numbers for {@code /metrics}
   * @throws ServeException when the address can't be had, or TLS not be set up
   */
  public static NearsideServer start(
      Services services, ServerOptions options, Supplier<List<Sample>> samples) {
    JETTY.setLevel(Level.WARNING);
    Runs runs = new Runs();
    ServerMetrics metrics = new ServerMetrics();
    ServerGuard guard = new ServerGuard(options, runs, metrics, services.clock());
    Connections connections = new Connections();
    Activity activity = new Activity(services.clock());
    Services metered = services.withModels(new MeteredModels(services.models(), metrics, activity));
    List<Endpoint> endpoints = new ArrayList<>(Endpoints.of(metered, activity));
    endpoints.add(
        new MetricsPage(
            metrics, services.models(), List.of(() -> own(guard, runs, connections), samples)));
    Router router = new Router(endpoints);
    OpenAiErrors fallback = new OpenAiErrors();
    RouteHandler handler =
        new RouteHandler(
            router, fallback, bodies(options.limits()), options.limits().pingMillis(), guard, runs);
    JettyServer jetty;
    try {
      jetty = new JettyServer(options, handler, new ErrorPages(router, fallback));
    } catch (RuntimeException e) {
      guard.close();
      throw e;
    }
    connections.server = jetty;
    try {
      jetty.start();
    } catch (Exception e) {
      guard.close();
      stop(jetty, e);
      throw new ServeException(ListenFault.of(e, options), e);
    }
    return new NearsideServer(jetty, options, runs, guard);
  }

  private static Bodies bodies(ServerOptions.Limits limits) {
    return Bodies.of(limits.maxBodyBytes(), limits.headMillis());
  }

  /** Known once Jetty is there. */
  private static final class Connections {
    private volatile @Nullable JettyServer server;

    int count() {
      JettyServer jetty = server;
      return jetty == null ? 0 : jetty.connections();
    }
  }

  private static List<Sample> own(ServerGuard guard, Runs runs, Connections connections) {
    return List.of(
        gauge("nearside_requests_active", "Requests that are being answered.", runs.count()),
        gauge("nearside_requests_running", "Requests that have a place.", guard.running()),
        gauge("nearside_requests_waiting", "Requests that wait for a place.", guard.waiting()),
        gauge("http_server_open_connections", "Open connections.", connections.count()));
  }

  private static Sample gauge(String name, String help, int value) {
    return new Sample(name, help, Map.of(), value);
  }

  private static void stop(JettyServer jetty, Exception why) {
    try {
      jetty.stop();
    } catch (Exception e) {
      why.addSuppressed(e);
    }
  }

  /** Where it listens. */
  public URI uri() {
    String host = options.host().contains(":") ? "[" + options.host() + "]" : options.host();
    String scheme = options.tls() == null ? "http" : "https";
    return URI.create(scheme + "://" + host + ":" + jetty.port());
  }

  /** Requests that are being answered. */
  public int active() {
    return runs.count();
  }

  /** Waits until the server has been closed. */
  public void join() throws InterruptedException {
    jetty.join();
  }

  /**
   * Stops: new requests are refused, running ones have {@code drainMillis} to end and are cancelled
   * then.
   */
  @Override
  public void close() {
    runs.drain();
    try {
      if (!runs.awaitNone(options.limits().drainMillis())) {
        runs.cancelAll();
        runs.awaitNone(CANCEL_MILLIS);
      }
      jetty.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      throw new ServeException(
          Fault.of("the server can't be stopped").got(String.valueOf(e.getMessage())), e);
    } finally {
      guard.close();
    }
  }
}
