package dev.nearside.serve;

import dev.nearside.serve.keys.KeyRing;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How the server is opened.
 *
 * @param host the address to listen at
 * @param port the port; 0 = any that is free
 * @param tls null = without
 * @param requestLog takes a line for each request; null = nobody does
 */
public record ServerOptions(
    String host,
    int port,
    Limits limits,
    Access access,
    @Nullable TlsOptions tls,
    @Nullable Consumer<String> requestLog) {
  /** This machine alone, at Nearside's port, for everybody on it. */
  public static final ServerOptions DEFAULTS =
      new ServerOptions("127.0.0.1", 11500, Limits.DEFAULTS, Access.OPEN, null, null);

  /**
   * What nobody may go beyond.
   *
   * @param maxBodyBytes the longest request body
   * @param maxHeaderBytes the longest head of a request
   * @param idleMillis how long a connection may stay without a byte, or a reader without reading
   * @param headMillis how long the head of a request may take to come; so long may its body too,
   *     and a second more for each 64 KiB
   * @param maxRunning requests that work at once
   * @param maxWaiting requests that wait for their turn
   * @param maxConnections 0 = as many as the process may have files, less what it needs itself
   * @param pingMillis how long a stream of events may be silent before a ping is sent; 0 = for ever
   * @param drainMillis how long running requests have to end when the server stops
   */
  public record Limits(
      long maxBodyBytes,
      int maxHeaderBytes,
      long idleMillis,
      long headMillis,
      int maxRunning,
      int maxWaiting,
      int maxConnections,
      long pingMillis,
      long drainMillis) {
    public static final Limits DEFAULTS =
        new Limits(32L << 20, 16 << 10, 120_000, 30_000, 64, 256, 0, 15_000, 5_000);

    public Limits withMaxBodyBytes(long bytes) {
      return new Limits(
          bytes,
          maxHeaderBytes,
          idleMillis,
          headMillis,
          maxRunning,
          maxWaiting,
          maxConnections,
          pingMillis,
          drainMillis);
    }

    public Limits withTimes(long idle, long head, long drain) {
      return new Limits(
          maxBodyBytes,
          maxHeaderBytes,
          idle,
          head,
          maxRunning,
          maxWaiting,
          maxConnections,
          pingMillis,
          drain);
    }

    public Limits withPing(long millis) {
      return new Limits(
          maxBodyBytes,
          maxHeaderBytes,
          idleMillis,
          headMillis,
          maxRunning,
          maxWaiting,
          maxConnections,
          millis,
          drainMillis);
    }

    public Limits withQueue(int running, int waiting) {
      return new Limits(
          maxBodyBytes,
          maxHeaderBytes,
          idleMillis,
          headMillis,
          running,
          waiting,
          maxConnections,
          pingMillis,
          drainMillis);
    }
  }

  /**
   * Who may use the server.
   *
   * @param keys null, or without a key since the start = everybody on this machine; beyond it
   *     nobody, unless {@code isInsecure}
   * @param hosts names that a server at a loopback address may be called by, besides localhost
   * @param cors origins whose pages may use it; a {@code *} at the end stands for anything
   * @param token a key that is good for everything while the server runs, or null
   * @param isInsecure whether a server that others reach may do without keys
   */
  public record Access(
      @Nullable KeyRing keys,
      Set<String> hosts,
      List<String> cors,
      @Nullable String token,
      boolean isInsecure) {
    /** Everybody on this machine, and no pages of other sites. */
    public static final Access OPEN = new Access(null, Set.of(), List.of());

    public Access(@Nullable KeyRing keys, Set<String> hosts, List<String> cors) {
      this(keys, hosts, cors, null, false);
    }

    public Access withToken(String secret) {
      return new Access(keys, hosts, cors, secret, isInsecure);
    }

    public Access withInsecure(boolean insecure) {
      return new Access(keys, hosts, cors, token, insecure);
    }

    public Access {
      hosts = Set.copyOf(hosts);
      cors = List.copyOf(cors);
    }
  }

  /**
   * Whether nobody but this machine reaches the address.
   *
   * @throws ServeException when there is no such host
   */
  public boolean isLoopback() {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new ServeException(ListenFault.of(e, this), e);
    }
  }

  public ServerOptions withAddress(String otherHost, int otherPort) {
    return new ServerOptions(otherHost, otherPort, limits, access, tls, requestLog);
  }

  public ServerOptions withLimits(Limits other) {
    return new ServerOptions(host, port, other, access, tls, requestLog);
  }

  public ServerOptions withMaxBodyBytes(long bytes) {
    return withLimits(limits.withMaxBodyBytes(bytes));
  }

  public ServerOptions withAccess(Access other) {
    return new ServerOptions(host, port, limits, other, tls, requestLog);
  }

  public ServerOptions withTls(@Nullable TlsOptions other) {
    return new ServerOptions(host, port, limits, access, other, requestLog);
  }

  public ServerOptions withRequestLog(@Nullable Consumer<String> log) {
    return new ServerOptions(host, port, limits, access, tls, log);
  }
}
