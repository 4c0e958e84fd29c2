package dev.nearside.serve;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.nearside.serve.http.ErrorPages;
import dev.nearside.serve.http.WatchedHttp;
import java.lang.management.ManagementFactory;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/** Jetty, set up: threads, protocols, limits. */
final class JettyServer {
  private static final int FILES_OF_ITS_OWN = 512;
  private static final int MIN_CONNECTIONS = 64;
  private static final long SWEEP_MILLIS = 500;

  private final Server server;
  private final ServerConnector connector;
  private final @Nullable TlsContext tls;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final ServerOptions options;

  JettyServer(ServerOptions options, Handler handler, ErrorPages errors) {
    this.options = options;
    QueuedThreadPool threads = new QueuedThreadPool(16, 2);
    threads.setName("nearside-http");
    threads.setDaemon(true);
    threads.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
    Scheduler scheduler = new ScheduledExecutorScheduler("nearside-http-timer", true);
    this.server = new Server(threads, scheduler, null);
    this.tls = options.tls() == null ? null : TlsContext.of(options.tls());
    this.connector = connector(tls);
    connector.setHost(options.host());
    connector.setPort(options.port());
    connector.setIdleTimeout(options.limits().idleMillis());
    connector.setAcceptQueueSize(1024);
    connector.addBean(new Connections());
    server.addConnector(connector);
    server.addBean(new NetworkConnectionLimit(maxConnections(options), connector));
    server.setHandler(handler);
    server.setErrorHandler(errors);
  }

  private ServerConnector connector(@Nullable TlsContext secure) {
    WatchedHttp http = new WatchedHttp(configuration(secure != null));
    if (secure == null) {
      return new ServerConnector(server, http);
    }
    HTTP2ServerConnectionFactory http2 = new HTTP2ServerConnectionFactory(configuration(true));
    http2.setMaxConcurrentStreams(options.limits().maxRunning() + options.limits().maxWaiting());
    ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
    alpn.setDefaultProtocol(http.getProtocol());
    SslConnectionFactory ssl = new SslConnectionFactory(secure.factory(), alpn.getProtocol());
    return new ServerConnector(server, ssl, alpn, http2, http);
  }

  private HttpConfiguration configuration(boolean isSecure) {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setSendDateHeader(true);
    // Names of models hold slashes, and some clients escape them.
    http.setUriCompliance(
        UriCompliance.DEFAULT.with("nearside", UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR));
    http.setRequestHeaderSize(options.limits().maxHeaderBytes());
    if (isSecure) {
      // Which host a certificate is for does not matter here: names of the local network vary.
      http.addCustomizer(new SecureRequestCustomizer(false));
    }
    return http;
  }

  // A server that has no file left can't open a model, or say so.
  private static int maxConnections(ServerOptions options) {
    int wanted = options.limits().maxConnections();
    long files =
        ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
            ? unix.getMaxFileDescriptorCount()
            : Integer.MAX_VALUE;
    long possible =
        Math.max(MIN_CONNECTIONS, Math.min(Integer.MAX_VALUE, files) - FILES_OF_ITS_OWN);
    return (int) (wanted > 0 ? Math.min(wanted, possible) : possible);
  }

  void start() throws Exception {
    server.start();
    new Repeated(server.getScheduler(), SWEEP_MILLIS, server::isRunning, this::sweep).run();
  }

  // Heads that come byte by byte keep a connection from being idle: that is how one holds many.
  private void sweep() {
    long now = System.nanoTime();
    long max = options.limits().headMillis() * 1_000_000;
    connections.forEach(c -> WatchedHttp.closeIfSlow(c, now, max));
    if (tls != null) {
      tls.reloadIfChanged();
    }
  }

  /** Connections that are open. */
  int connections() {
    return connector.getConnectedEndPoints().size();
  }

  int port() {
    return connector.getLocalPort();
  }

  void join() throws InterruptedException {
    server.join();
  }

  void stop() throws Exception {
    server.stop();
  }

  private final class Connections implements Connection.Listener {
    @Override
    public void onOpened(Connection connection) {
      connections.add(connection);
    }

    @Override
    public void onClosed(Connection connection) {
      connections.remove(connection);
    }
  }
}
