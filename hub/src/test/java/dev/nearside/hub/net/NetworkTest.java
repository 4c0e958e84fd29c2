package dev.nearside.hub.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.nearside.hub.FakeServer;
import dev.nearside.hub.Fixtures;
import dev.nearside.hub.HubConfig;
import dev.nearside.hub.HubException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Proxies, own certificate authorities, dead hosts. */
@Timeout(300)
class NetworkTest {

  private static HubConfig.Network network(
      @Nullable String http, @Nullable String https, String noProxy, @Nullable Path ca) {
    return new HubConfig.Network(
        http == null ? null : URI.create(http),
        https == null ? null : URI.create(https),
        noProxy,
        ca,
        Fixtures.PATIENT,
        2);
  }

  @Test
  void noProxy_rules_matchHostsAndDomains() {
    EnvironmentProxies proxies =
        new EnvironmentProxies(
            network("http://p:1", "http://q:2", "example.org, .corp *.lan,10.0.0.1", null));
    for (String direct :
        new String[] {
          "http://example.org/", "https://sub.example.org/x", "http://a.corp", "http://x.lan",
          "http://10.0.0.1:80", "http://localhost:9", "http://127.0.0.1", "https://EXAMPLE.ORG"
        }) {
      assertNull(proxies.proxyOf(URI.create(direct)), direct);
    }
    assertEquals(URI.create("http://p:1"), proxies.proxyOf(URI.create("http://notexample.org")));
    assertEquals(URI.create("http://q:2"), proxies.proxyOf(URI.create("https://hf.co")));
    EnvironmentProxies none = new EnvironmentProxies(network("http://p:1", null, "*", null));
    assertNull(none.proxyOf(URI.create("http://anything")));
  }

  @Test
  void get_httpProxySet_goesThroughIt() throws Exception {
    try (FakeServer proxy = new FakeServer()) {
      // A proxy is asked with the whole address; the fake serves by its path.
      proxy.put("/file", "through the proxy");
      HubHttp http = new HubHttp(network(proxy.address().toString(), null, "", null));
      try (Answer answer = http.get(URI.create("http://hub.invalid/file"), Map.of())) {
        assertEquals(200, answer.status());
        assertEquals(
            "through the proxy", new String(answer.body().readAllBytes(), StandardCharsets.UTF_8));
      }
    }
  }

  @Test
  void get_unknownHost_isUnreachable() {
    HubHttp http = new HubHttp(network(null, null, "", null));
    URI uri = URI.create("http://no-such-host.invalid/");
    SourceException e = assertThrows(SourceException.class, () -> http.get(uri, Map.of()));
    Fixtures.assertSays(e, "cannot reach no-such-host.invalid");
    assertTrue(e.isUnreachable());
  }

  @Test
  void hostCheck_deadHost_isRememberedUnlessInsisted() throws Exception {
    HostCheck hosts = new HostCheck(Duration.ofSeconds(30));
    hosts.require("localhost", false);
    SourceException refused = hosts.markDead("localhost", "refused");
    SourceException e =
        assertThrows(SourceException.class, () -> hosts.require("localhost", false));
    assertEquals(refused.getMessage(), e.getMessage());
    hosts.require("localhost", true);
    hosts.require("localhost", false);
  }

  @Test
  void get_serverNeverAnswers_endsInTime() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      HubConfig.Timeouts quick =
          new HubConfig.Timeouts(
              Duration.ofMillis(300),
              Duration.ofMillis(300),
              Duration.ofMillis(300),
              1,
              Duration.ofMillis(1));
      HubHttp http = new HubHttp(new HubConfig.Network(null, null, "", null, quick, 1));
      URI uri = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/");
      SourceException e = assertThrows(SourceException.class, () -> http.get(uri, Map.of()));
      Fixtures.assertSays(e, "no answer");
    }
  }

  @Test
  void get_ownAuthority_isTrustedWhenNamedAndNotOtherwise(@TempDir Path folder) throws Exception {
    KeyStore keys = selfSigned(folder);
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
    try {
      server.setHttpsConfigurator(new HttpsConfigurator(serverContext(keys)));
      server.createContext(
          "/",
          exchange -> {
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write("ok".getBytes(StandardCharsets.UTF_8));
            exchange.close();
          });
      server.start();
      URI uri = URI.create("https://localhost:" + server.getAddress().getPort() + "/");
      Path pem = folder.resolve("ca.pem");
      String body = Base64.getMimeEncoder().encodeToString(keys.getCertificate("k").getEncoded());
      Files.writeString(
          pem,
          "# a bundle with a comment and one broken certificate\n"
              + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
              + "-----BEGIN CERTIFICATE-----\n"
              + body
              + "\n-----END CERTIFICATE-----\n");
      try (Answer answer = new HubHttp(network(null, null, "", pem)).get(uri, Map.of())) {
        assertEquals(200, answer.status());
      }
      HubHttp strict = new HubHttp(network(null, null, "", null));
      SourceException e = assertThrows(SourceException.class, () -> strict.get(uri, Map.of()));
      Fixtures.assertSays(e, "NEARSIDE_CA_FILE");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void caFile_missingOrEmpty_saysSo(@TempDir Path folder) throws Exception {
    Path empty = Files.writeString(folder.resolve("empty.pem"), "nothing");
    for (Path file : new Path[] {empty, folder.resolve("absent.pem")}) {
      HubHttp http = new HubHttp(network(null, null, "", file));
      HubException e =
          assertThrows(
              HubException.class, () -> http.get(URI.create("http://127.0.0.1:1/"), Map.of()));
      Fixtures.assertSays(e, "certificate authorities cannot be used");
    }
  }

  @Test
  void retryAfter_secondsAndDates_areUnderstood() {
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    assertEquals(Duration.ofSeconds(7), Statuses.retryAfter("7", now));
    assertEquals(Duration.ofSeconds(60), Statuses.retryAfter("Thu, 1 Jan 2026 00:01:00 GMT", now));
    assertEquals(Duration.ZERO, Statuses.retryAfter("Wed, 31 Dec 2025 00:00:00 GMT", now));
    assertNull(Statuses.retryAfter("soon", now));
    assertNull(Statuses.retryAfter(null, now));
  }

  private static KeyStore selfSigned(Path folder) throws Exception {
    Path file = folder.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "k",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-storepass",
                "changeit",
                "-keystore",
                file.toString())
            .inheritIO()
            .start();
    assertEquals(0, keytool.waitFor());
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, "changeit".toCharArray());
    }
    return keys;
  }

  private static SSLContext serverContext(KeyStore keys) throws Exception {
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, "changeit".toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }
}
