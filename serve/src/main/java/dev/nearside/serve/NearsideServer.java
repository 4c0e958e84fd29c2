package dev.nearside.serve;

import dev.nearside.base.Fault;
import dev.nearside.serve.http.Endpoint;
import dev.nearside.serve.http.RouteHandler;
import dev.nearside.serve.http.Router;
import dev.nearside.serve.openai.OpenAiErrors;
import java.net.URI;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The HTTP server. */
public final class NearsideServer implements AutoCloseable {
  private static final long DRAIN_MILLIS = 5_000;

  // Held, or the level would be forgotten with the logger.
  private static final Logger JETTY = Logger.getLogger("org.eclipse.jetty");

  private final Server server;
  private final ServerConnector connector;
  private final ServerOptions options;

  private NearsideServer(Server server, ServerConnector connector, ServerOptions options) {
    this.server = server;
    this.connector = connector;
    this.options = options;
  }

  /**
   * Starts a server.
   *
   * @throws ServeException when the address can't be had
   */
  public static NearsideServer start(Services services, ServerOptions options) {
    JETTY.setLevel(Level.WARNING);
    List<Endpoint> endpoints = Endpoints.of(services);
    QueuedThreadPool threads = new QueuedThreadPool(16, 2);
    threads.setName("nearside-http");
    threads.setDaemon(true);
    threads.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
    Server server = new Server(threads);
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setSendDateHeader(true);
    // Names of models hold slashes, and some clients escape them.
    http.setUriCompliance(
        UriCompliance.DEFAULT.with("nearside", UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR));
    ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
    connector.setHost(options.host());
    connector.setPort(options.port());
    connector.setIdleTimeout(options.idleMillis());
    server.addConnector(connector);
    server.setHandler(
        new RouteHandler(new Router(endpoints), new OpenAiErrors(), options.maxBodyBytes()));
    server.setStopTimeout(DRAIN_MILLIS);
    try {
      server.start();
    } catch (Exception e) {
      stop(server, e);
      throw new ServeException(
          Fault.of("the server can't listen")
              .got(String.valueOf(e.getMessage()))
              .where(options.host() + ":" + options.port())
              .hint("Another program may use the port: try --port."),
          e);
    }
    return new NearsideServer(server, connector, options);
  }

  private static void stop(Server server, Exception why) {
    try {
      server.stop();
    } catch (Exception e) {
      why.addSuppressed(e);
    }
  }

  /** Where it listens. */
  public URI uri() {
    String host = options.host().contains(":") ? "[" + options.host() + "]" : options.host();
    return URI.create("http://" + host + ":" + connector.getLocalPort());
  }

  /** Waits until the server has been closed. */
  public void join() throws InterruptedException {
    server.join();
  }

  /** Lets running requests end for a while, then stops. */
  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new ServeException(
          Fault.of("the server can't be stopped").got(String.valueOf(e.getMessage())), e);
    }
  }
}
