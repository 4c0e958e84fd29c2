package dev.nearside.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.chat.FinishReason;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir Path home;

  /** A self-signed certificate of keytool's. */
  private KeyStore identity(String name) throws Exception {
    Path file = home.resolve(name + ".p12");
    Process tool =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-alias",
                    "a",
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=" + name,
                    "-ext",
                    "san=ip:127.0.0.1,dns:localhost",
                    "-keystore",
                    file.toString(),
                    "-storetype",
                    "PKCS12",
                    "-storepass",
                    new String(PASSWORD)))
            .inheritIO()
            .start();
    assertEquals(0, tool.waitFor());
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    }
    return store;
  }

  private Path pem(String file, String type, byte[] der) throws IOException {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return Files.writeString(
        home.resolve(file),
        "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n");
  }

  private TlsOptions options(KeyStore identity, @Nullable Path clientAuthority) throws Exception {
    Key key = identity.getKey("a", PASSWORD);
    return new TlsOptions(
        pem("cert.pem", "CERTIFICATE", identity.getCertificate("a").getEncoded()),
        pem("key.pem", "PRIVATE KEY", key.getEncoded()),
        clientAuthority);
  }

  private HttpClient client(Certificate trusted, @Nullable KeyStore own) throws Exception {
    KeyStore trust = KeyStore.getInstance("PKCS12");
    trust.load(null, null);
    trust.setCertificateEntry("server", trusted);
    TrustManagerFactory trusts =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trusts.init(trust);
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(own, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own == null ? null : keys.getKeyManagers(), trusts.getTrustManagers(), null);
    return HttpClient.newBuilder().sslContext(context).build();
  }

  private static HttpResponse<String> version(HttpClient client, NearsideServer server)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(server.uri().resolve("/api/version")).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void https_speaksHttp2_andTakesUpANewCertificate() throws Exception {
    KeyStore first = identity("first");
    TlsOptions tls = options(first, null);
    try (ServerUnderTest under = new ServerUnderTest(home, ServerOptions.DEFAULTS.withTls(tls))) {
      assertEquals("https", under.server.uri().getScheme());
      try (HttpClient client = client(first.getCertificate("a"), null)) {
        HttpResponse<String> answer = version(client, under.server);
        assertEquals(200, answer.statusCode());
        assertEquals(HttpClient.Version.HTTP_2, answer.version());
      }
      KeyStore second = identity("second");
      options(second, null); // overwrites the files
      try (HttpClient client = client(second.getCertificate("a"), null)) {
        assertTrue(
            ServerUnderTest.eventually(() -> {
              try {
                return version(client, under.server).statusCode() == 200;
              } catch (IOException | InterruptedException e) {
                return false; // still the old one
              }
            }));
      }
    }
  }

  @Test
  void http2ClientThatGoes_cancelsTheReply() throws Exception {
    KeyStore identity = identity("server");
    try (ServerUnderTest under =
        new ServerUnderTest(home, ServerOptions.DEFAULTS.withTls(options(identity, null)))) {
      under.models.script =
          (request, sink) -> {
            Thread.sleep(60_000);
            return ScriptedModels.end(FinishReason.STOP);
          };
      HttpClient client = client(identity.getCertificate("a"), null);
      CompletableFuture<HttpResponse<String>> running =
          client.sendAsync(
              HttpRequest.newBuilder(under.server.uri().resolve("/api/chat"))
                  .POST(
                      HttpRequest.BodyPublishers.ofString(
                          "{\"model\": \"fake:1b\", \"messages\": [{\"role\": \"user\","
                              + " \"content\": \"hi\"}]}"))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertTrue(ServerUnderTest.eventually(() -> under.models.running.get() == 1));
      running.cancel(true);
      client.shutdownNow();
      assertTrue(ServerUnderTest.eventually(() -> under.models.cancelled.get() == 1));
      assertTrue(ServerUnderTest.eventually(() -> under.models.leases.get() == 0));
    }
  }

  @Test
  void clientWithoutACertificate_isRefused_whereOneIsAskedFor() throws Exception {
    KeyStore identity = identity("server");
    KeyStore friend = identity("friend");
    Path authority = pem("friends.pem", "CERTIFICATE", friend.getCertificate("a").getEncoded());
    try (ServerUnderTest under =
        new ServerUnderTest(home, ServerOptions.DEFAULTS.withTls(options(identity, authority)))) {
      try (HttpClient client = client(identity.getCertificate("a"), friend)) {
        assertEquals(200, version(client, under.server).statusCode());
      }
      try (HttpClient client = client(identity.getCertificate("a"), null)) {
        assertThrows(IOException.class, () -> version(client, under.server));
      }
      try (HttpClient client = client(identity.getCertificate("a"), identity)) {
        assertThrows(IOException.class, () -> version(client, under.server));
      }
    }
  }

  @Test
  void filesThatDoNotFit_stopTheStart() throws Exception {
    TlsOptions fitting = options(identity("a"), null);
    Path other = home.resolve("other.pem");
    for (String bad : List.of("", "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n", "nonsense")) {
      Files.writeString(other, bad);
      TlsOptions broken = new TlsOptions(fitting.certificate(), other, null);
      ServeException e =
          assertThrows(
              ServeException.class,
              () -> new ServerUnderTest(home, ServerOptions.DEFAULTS.withTls(broken)));
      assertTrue(String.valueOf(e.getMessage()).contains("PKCS #8"), e.getMessage());
    }
    TlsOptions missing = new TlsOptions(home.resolve("none.pem"), fitting.key(), null);
    assertThrows(
        ServeException.class,
        () -> new ServerUnderTest(home, ServerOptions.DEFAULTS.withTls(missing)));
  }
}
