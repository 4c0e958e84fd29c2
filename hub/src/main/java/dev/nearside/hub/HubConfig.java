package dev.nearside.hub;

import dev.nearside.base.Fault;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything the hub takes from outside.
 *
 * @param home the store's folder; made on the first write
 * @param workingDirectory what relative paths are relative to
 * @param isOffline when true nothing touches the network: caches and the store only
 * @param environment passed to package clients and searched for them ({@code PATH})
 */
public record HubConfig(
    Path home,
    Path workingDirectory,
    Endpoints endpoints,
    Caches caches,
    Network network,
    boolean isOffline,
    Map<String, String> environment) {

  public HubConfig {
    environment = Map.copyOf(environment);
  }

  /**
   * Reads {@code NEARSIDE_HOME}, {@code NEARSIDE_OFFLINE}, {@code HF_HUB_OFFLINE}, {@code
   * HF_ENDPOINT}, {@code HF_TOKEN}, {@code HF_HOME}, {@code HF_HUB_CACHE}, {@code
   * MODELSCOPE_ENDPOINT}, {@code OLLAMA_REGISTRY}, {@code OLLAMA_MODELS}, {@code HTTPS_PROXY},
   * {@code HTTP_PROXY}, {@code NO_PROXY} (and their lower-case twins), {@code NEARSIDE_CA_FILE},
   * {@code SSL_CERT_FILE}.
   *
   * @throws HubException when a value is not a path or an address
   */
  public static HubConfig fromEnvironment(Map<String, String> env, Path userHome) {
    Path hfHome = path(env, "HF_HOME", userHome.resolve(".cache").resolve("huggingface"));
    return new HubConfig(
        path(env, "NEARSIDE_HOME", userHome.resolve(".nearside")),
        Path.of("").toAbsolutePath(),
        new Endpoints(
            address(env, "HF_ENDPOINT", "https://huggingface.co"),
            HfToken.find(env, hfHome),
            address(env, "MODELSCOPE_ENDPOINT", "https://www.modelscope.cn"),
            address(env, "OLLAMA_REGISTRY", "https://registry.ollama.ai")),
        new Caches(
            path(env, "HF_HUB_CACHE", hfHome.resolve("hub")),
            path(env, "OLLAMA_MODELS", userHome.resolve(".ollama").resolve("models"))),
        Network.fromEnvironment(env),
        isSet(env, "NEARSIDE_OFFLINE") || isSet(env, "HF_HUB_OFFLINE"),
        env);
  }

  public HubConfig withOffline(boolean offline) {
    return new HubConfig(home, workingDirectory, endpoints, caches, network, offline, environment);
  }

  public HubConfig withHome(Path newHome) {
    return new HubConfig(
        newHome, workingDirectory, endpoints, caches, network, isOffline, environment);
  }

  public HubConfig withNetwork(Network newNetwork) {
    return new HubConfig(
        home, workingDirectory, endpoints, caches, newNetwork, isOffline, environment);
  }

  /** Without the environment: it holds secrets. */
  @Override
  public String toString() {
    return "HubConfig[home=" + home + ", offline=" + isOffline + ", " + endpoints + "]";
  }

  /**
   * Where the hubs are.
   *
   * @param hfToken sent to {@code huggingFace}'s host alone
   */
  public record Endpoints(
      URI huggingFace, @Nullable HfToken hfToken, URI modelScope, URI ollamaRegistry) {}

  /** Other programs' model folders, read in place. They need not exist. */
  public record Caches(Path huggingFaceHub, Path ollamaModels) {}

  /**
   * How to reach them.
   *
   * @param httpProxy proxy for {@code http:} addresses
   * @param httpsProxy proxy for {@code https:} addresses
   * @param noProxy comma-separated hosts reached directly; {@code .example.org} covers sub-domains,
   *     {@code *} everything
   * @param caFile PEM certificates trusted besides the JDK's
   */
  public record Network(
      @Nullable URI httpProxy,
      @Nullable URI httpsProxy,
      String noProxy,
      @Nullable Path caFile,
      Timeouts timeouts,
      int connections) {

    public static Network fromEnvironment(Map<String, String> env) {
      String all = either(env, "ALL_PROXY");
      String ca = value(env, "NEARSIDE_CA_FILE");
      if (ca == null) {
        ca = value(env, "SSL_CERT_FILE");
      }
      String noProxy = either(env, "NO_PROXY");
      return new Network(
          proxy(either(env, "HTTP_PROXY"), all),
          proxy(either(env, "HTTPS_PROXY"), all),
          noProxy == null ? "" : noProxy,
          ca == null ? null : toPath("SSL_CERT_FILE", ca),
          Timeouts.DEFAULT,
          4);
    }

    /** Without the proxies' passwords. */
    @Override
    public String toString() {
      return "Network[proxies="
          + (httpProxy != null || httpsProxy != null)
          + ", caFile="
          + caFile
          + ", "
          + timeouts
          + ", connections="
          + connections
          + "]";
    }

    private static @Nullable URI proxy(@Nullable String text, @Nullable String fallback) {
      String value = text == null ? fallback : text;
      if (value == null) {
        return null;
      }
      return toAddress("proxy", value.contains("://") ? value : "http://" + value);
    }

    private static @Nullable String either(Map<String, String> env, String key) {
      // curl's order: the lower-case name is the older one and wins.
      String lower = value(env, key.toLowerCase(Locale.ROOT));
      return lower == null ? value(env, key) : lower;
    }
  }

  /**
   * How long to wait.
   *
   * @param connect for name look-up and for the connection, each
   * @param response from the request to the answer's headers
   * @param stall without a single byte while a body comes
   * @param attempts tries in a row without any progress before a source is given up
   * @param backoff pause after the first failed try; doubles each time
   */
  public record Timeouts(
      Duration connect, Duration response, Duration stall, int attempts, Duration backoff) {
    public static final Timeouts DEFAULT =
        new Timeouts(
            Duration.ofSeconds(5),
            Duration.ofSeconds(20),
            Duration.ofSeconds(30),
            5,
            Duration.ofMillis(500));
  }

  private static Path path(Map<String, String> env, String key, Path otherwise) {
    String value = value(env, key);
    return value == null ? otherwise : toPath(key, value);
  }

  private static Path toPath(String key, String value) {
    try {
      return Path.of(value).toAbsolutePath();
    } catch (InvalidPathException e) {
      throw new HubException(Fault.of("not a path").got(value).where(key), e);
    }
  }

  private static URI address(Map<String, String> env, String key, String otherwise) {
    String value = value(env, key);
    return toAddress(key, value == null ? otherwise : value);
  }

  private static URI toAddress(String key, String value) {
    String trimmed = value.replaceFirst("(?<![:/])/+$", "");
    try {
      URI uri = new URI(trimmed.contains("://") ? trimmed : "https://" + trimmed);
      String scheme = uri.getScheme();
      if (uri.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
        throw new HubException(
            Fault.of("not an address").got(value).expected("http(s)://host[:port]").where(key));
      }
      return uri;
    } catch (URISyntaxException e) {
      throw new HubException(
          Fault.of("not an address").got(value).expected("http(s)://host[:port]").where(key), e);
    }
  }

  private static @Nullable String value(Map<String, String> env, String key) {
    String value = env.get(key);
    return value == null || value.isBlank() ? null : value.strip();
  }

  private static boolean isSet(Map<String, String> env, String key) {
    String value = value(env, key);
    return value != null && !value.equals("0") && !value.equalsIgnoreCase("false");
  }
}
