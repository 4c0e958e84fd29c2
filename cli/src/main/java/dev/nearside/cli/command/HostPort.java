package dev.nearside.cli.command;

import dev.nearside.base.Fault;
import dev.nearside.serve.ServeException;
import dev.nearside.serve.ServerOptions;

/**
 * An address as people write it: {@code host}, {@code host:port}, {@code :port}, {@code [::1]:1}.
 */
record HostPort(String host, int port) {
  /** An empty text is the default address; a URL's scheme is left out. */
  static HostPort of(String text) {
    String rest = text.strip().replaceFirst("^https?://", "").replaceFirst("/$", "");
    int colon = rest.lastIndexOf(':');
    boolean isBareIpv6 = rest.indexOf(':') != colon && !rest.contains("]");
    boolean hasPort = colon >= 0 && !isBareIpv6 && colon > rest.lastIndexOf(']');
    String host = (hasPort ? rest.substring(0, colon) : rest).replaceAll("^\\[|\\]$", "");
    int port = hasPort ? port(rest.substring(colon + 1), text) : ServerOptions.DEFAULTS.port();
    return new HostPort(host.isEmpty() ? ServerOptions.DEFAULTS.host() : host, port);
  }

  private static int port(String digits, String text) {
    if (!digits.matches("\\d{1,5}") || Integer.parseInt(digits) > 65535) {
      throw new ServeException(
          Fault.of("NEARSIDE_HOST is not an address")
              .got(text)
              .expected("host:port, such as 127.0.0.1:11500"),
          null);
    }
    return Integer.parseInt(digits);
  }
}
