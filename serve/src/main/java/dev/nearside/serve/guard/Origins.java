package dev.nearside.serve.guard;

import dev.nearside.base.Fault;
import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.http.HttpProblem;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps web pages of other sites away. A server at a loopback address can be reached by any page
 * that the user opens: by its address (then the browser sends {@code Origin}), or under a name of
 * the page's own that was made to point here (then {@code Host} tells: DNS rebinding).
 *
 * @param isLoopback whether the server listens at a loopback address alone
 * @param hosts further names that it may be called by, in lower case
 * @param cors origins that may use it, {@code *} at the end standing for anything
 */
record Origins(boolean isLoopback, Set<String> hosts, List<String> cors) {
  private static final String MAX_AGE_SECONDS = "600";
  private static final String EXPOSED =
      "x-request-id, retry-after, x-ratelimit-limit-requests, x-ratelimit-remaining-requests,"
          + " x-ratelimit-reset-requests, x-ratelimit-limit-tokens, x-ratelimit-remaining-tokens,"
          + " x-ratelimit-reset-tokens";

  Origins {
    hosts = Set.copyOf(hosts);
    cors = List.copyOf(cors);
  }

  /**
   * Checks where a request comes from.
   *
   * @return true when it was a browser's question whether it may ask, and is answered
   * @throws HttpProblem when it may not come in
   */
  boolean check(Exchange exchange) throws IOException {
    String host = exchange.host();
    if (isLoopback && host != null && !isOurs(nameOf(host))) {
      throw HttpProblem.of(
          HttpProblem.Kind.FORBIDDEN,
          Fault.of("the server is not called by this name")
              .got(host)
              .expected("localhost or a loopback address")
              .hint("--allow-host NAME lets it be."));
    }
    String origin = exchange.header("Origin");
    if (origin == null || isSame(origin, host)) {
      return false;
    }
    if (!isAllowed(origin)) {
      throw HttpProblem.of(
          HttpProblem.Kind.FORBIDDEN,
          Fault.of("pages of other sites may not use this server")
              .got(origin)
              .hint("--cors " + origin + " lets this one."));
    }
    exchange.setHeader("Access-Control-Allow-Origin", origin);
    exchange.setHeader("Access-Control-Expose-Headers", EXPOSED);
    exchange.setHeader("Vary", "Origin");
    boolean isPreflight =
        exchange.method().equals("OPTIONS")
            && exchange.header("Access-Control-Request-Method") != null;
    if (isPreflight) {
      answer(exchange);
    }
    return isPreflight;
  }

  private static void answer(Exchange exchange) throws IOException {
    exchange.setHeader("Access-Control-Allow-Methods", "GET, HEAD, POST, DELETE, OPTIONS");
    String headers = exchange.header("Access-Control-Request-Headers");
    if (headers != null) {
      exchange.setHeader("Access-Control-Allow-Headers", headers);
    }
    if ("true".equals(exchange.header("Access-Control-Request-Private-Network"))) {
      exchange.setHeader("Access-Control-Allow-Private-Network", "true");
    }
    exchange.setHeader("Access-Control-Max-Age", MAX_AGE_SECONDS);
    exchange.status(204);
  }

  private boolean isOurs(String name) {
    return name.equals("localhost")
        || name.endsWith(".localhost")
        || name.matches("127(\\.\\d{1,3}){3}")
        || name.equals("::1")
        || hosts.contains(name);
  }

  // The host of host:port, without the brackets of IPv6 and a last dot.
  private static String nameOf(String host) {
    String lower = host.strip().toLowerCase(Locale.ROOT);
    if (lower.startsWith("[")) {
      int end = lower.indexOf(']');
      return end < 0 ? lower : lower.substring(1, end);
    }
    int colon = lower.indexOf(':');
    String name = colon < 0 ? lower : lower.substring(0, colon);
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }

  private static boolean isSame(String origin, @Nullable String host) {
    return host != null
        && (origin.equalsIgnoreCase("http://" + host)
            || origin.equalsIgnoreCase("https://" + host));
  }

  private boolean isAllowed(String origin) {
    return cors.stream()
        .anyMatch(allowed ->
            allowed.endsWith("*")
                ? origin.startsWith(allowed.substring(0, allowed.length() - 1))
                : origin.equalsIgnoreCase(allowed));
  }
}
