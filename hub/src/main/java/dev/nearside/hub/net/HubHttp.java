package dev.nearside.hub.net;

import dev.nearside.base.Fault;
import dev.nearside.hub.HubConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.Authenticator;
import java.net.PasswordAuthentication;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * GET with redirects, under deadlines. HTTP/1.1 on purpose: parallel ranges want connections of
 * their own, and HTTP/2 would put them all on one.
 */
public final class HubHttp {

  private static final int MAX_REDIRECTS = 10;
  private static final String AGENT = "nearside/0.1";

  private final HubConfig.Network network;
  private final EnvironmentProxies proxies;
  private final HostCheck hosts;
  private @Nullable HttpClient client;

  public HubHttp(HubConfig.Network network) {
    this.network = network;
    this.proxies = new EnvironmentProxies(network);
    this.hosts = new HostCheck(network.timeouts().connect());
  }

  public HubConfig.Network network() {
    return network;
  }

  /**
   * Sends GET and follows redirects. {@code Authorization} goes to the first address's origin
   * alone.
   *
   * @return any final answer that is not a redirect, whatever its status
   * @throws SourceException when the server cannot be reached or does not answer in time
   */
  public Answer get(URI uri, Map<String, String> headers) throws InterruptedException {
    return get(uri, headers, false);
  }

  /** As {@link #get}, for a download under way: asks a host again that just was unreachable. */
  public Answer insist(URI uri, Map<String, String> headers) throws InterruptedException {
    return get(uri, headers, true);
  }

  private Answer get(URI uri, Map<String, String> headers, boolean insist)
      throws InterruptedException {
    List<HttpHeaders> hops = new ArrayList<>();
    URI at = uri;
    for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
      HttpResponse<InputStream> response =
          send(at, sameOrigin(uri, at) ? headers : withoutSecrets(headers), insist);
      hops.add(response.headers());
      String location = response.headers().firstValue("Location").orElse(null);
      if (!isRedirect(response.statusCode()) || location == null) {
        return new Answer(response.statusCode(), at, List.copyOf(hops), response.body());
      }
      closeQuietly(response.body());
      at = redirected(at, location);
    }
    throw SourceException.permanent(
        Fault.of("too many redirects").got(MAX_REDIRECTS + 1).where(uri.getHost()));
  }

  private HttpResponse<InputStream> send(URI uri, Map<String, String> headers, boolean insist)
      throws InterruptedException {
    URI proxy = proxies.proxyOf(uri);
    String host = proxy == null ? uri.getHost() : proxy.getHost();
    hosts.require(host, insist);
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).GET().setHeader("User-Agent", AGENT);
    headers.forEach(request::setHeader);
    Duration deadline = network.timeouts().connect().plus(network.timeouts().response());
    CompletableFuture<HttpResponse<InputStream>> answer =
        client().sendAsync(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    try {
      return answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw SourceException.passing(
          Fault.of("no answer in " + deadline.toSeconds() + " s").where(host), e);
    } catch (InterruptedException e) {
      answer.cancel(true);
      throw e;
    } catch (ExecutionException e) {
      throw failure(host, e.getCause());
    }
  }

  private static Map<String, String> withoutSecrets(Map<String, String> headers) {
    Map<String, String> rest = new HashMap<>(headers);
    rest.keySet().removeIf(name -> name.equalsIgnoreCase("Authorization"));
    return rest;
  }

  private SourceException failure(String host, @Nullable Throwable cause) {
    return switch (cause) {
      case java.net.http.HttpConnectTimeoutException e ->
          hosts.markDead(
              host, "no connection in " + network.timeouts().connect().toSeconds() + " s");
      case java.net.ConnectException e ->
          hosts.markDead(host, e.getMessage() == null ? "refused" : e.getMessage());
      case javax.net.ssl.SSLException e ->
          SourceException.permanent(
              Fault.of("no safe connection to " + host)
                  .got(String.valueOf(e.getMessage()))
                  .hint("Behind an inspecting proxy, set NEARSIDE_CA_FILE to its certificate"),
              e);
      case IOException e ->
          SourceException.passing(
              Fault.of("the connection broke").got(String.valueOf(e.getMessage())).where(host), e);
      case null, default ->
          SourceException.permanent(
              Fault.of("the request failed").got(String.valueOf(cause)).where(host));
    };
  }

  private static URI redirected(URI from, String location) {
    URI to;
    try {
      to = from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw SourceException.permanent(Fault.of("a redirect to no address").got(location), e);
    }
    String scheme = String.valueOf(to.getScheme()).toLowerCase(Locale.ROOT);
    boolean downgrade = "https".equals(from.getScheme()) && scheme.equals("http");
    if (to.getHost() == null || downgrade || !(scheme.equals("http") || scheme.equals("https"))) {
      throw SourceException.permanent(
          Fault.of("a redirect that is not safe to follow")
              .got(scheme + "://" + to.getHost())
              .expected(from.getScheme())
              .where(from.getHost()));
    }
    return to;
  }

  /** True when scheme, host and port are the same: only then may a secret be sent along. */
  static boolean sameOrigin(URI a, URI b) {
    return a.getScheme().equalsIgnoreCase(b.getScheme())
        && a.getHost().equalsIgnoreCase(b.getHost())
        && EnvironmentProxies.portOf(a) == EnvironmentProxies.portOf(b);
  }

  private static boolean isRedirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
  }

  private static void closeQuietly(InputStream body) {
    try {
      body.close();
    } catch (IOException e) {
      // The redirect's body is of no interest; a broken connection shows on the next request.
      return;
    }
  }

  private synchronized HttpClient client() {
    HttpClient made = client;
    if (made == null) {
      HttpClient.Builder builder =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .followRedirects(HttpClient.Redirect.NEVER)
              .connectTimeout(network.timeouts().connect())
              .proxy(proxies);
      if (network.caFile() != null) {
        builder.sslContext(TrustStore.contextWith(network.caFile()));
      }
      Authenticator authenticator = proxyPassword();
      if (authenticator != null) {
        builder.authenticator(authenticator);
      }
      made = builder.build();
      client = made;
    }
    return made;
  }

  /** Answers a proxy that asks for a password with the one in its address. */
  private @Nullable Authenticator proxyPassword() {
    for (URI proxy : new @Nullable URI[] {network.httpsProxy(), network.httpProxy()}) {
      if (proxy != null && proxy.getUserInfo() != null) {
        String[] parts = proxy.getUserInfo().split(":", 2);
        char[] password = (parts.length > 1 ? parts[1] : "").toCharArray();
        return new Authenticator() {
          @Override
          protected @Nullable PasswordAuthentication getPasswordAuthentication() {
            return getRequestorType() == RequestorType.PROXY
                ? new PasswordAuthentication(parts[0], password)
                : null;
          }
        };
      }
    }
    return null;
  }
}
