package dev.nearside.serve;

/**
 * How the server is opened.
 *
 * @param host the address to listen at
 * @param port the port; 0 = any that is free
 * @param maxBodyBytes the longest request body
 * @param idleMillis how long a connection may stay without a byte, or a reader without reading
 */
public record ServerOptions(String host, int port, long maxBodyBytes, long idleMillis) {
  /** This machine alone, at Nearside's port. */
  public static final ServerOptions DEFAULTS =
      new ServerOptions("127.0.0.1", 11500, 32L << 20, 120_000);

  public ServerOptions withAddress(String otherHost, int otherPort) {
    return new ServerOptions(otherHost, otherPort, maxBodyBytes, idleMillis);
  }

  public ServerOptions withMaxBodyBytes(long bytes) {
    return new ServerOptions(host, port, bytes, idleMillis);
  }
}
