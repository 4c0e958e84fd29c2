package dev.nearside.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.chat.FinishReason;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
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
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
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
    return HttpClient.newBuilder().sslContext(context(trusted, own)).build();
  }

  private SSLContext context(Certificate trusted, @Nullable KeyStore own) throws Exception {
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
    return context;
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
  void originOfAPageOverHttp2_isComparedWithTheAuthority() throws Exception {
    KeyStore identity = identity("server");
    try (ServerUnderTest under =
            new ServerUnderTest(home, ServerOptions.DEFAULTS.withTls(options(identity, null)));
        HttpClient client = client(identity.getCertificate("a"), null)) {
      assertEquals(200, version(client, under.server).statusCode()); // what comes now is HTTP/2
      String own = under.server.uri().toString();
      assertEquals(200, from(own, client, under.server).statusCode());
      HttpResponse<String> foreign = from("https://evil.example", client, under.server);
      assertEquals(HttpClient.Version.HTTP_2, foreign.version());
      assertEquals(403, foreign.statusCode());
    }
  }

  @Test
  void nameOfAnotherSiteOverHttp2_isRefused() throws Exception {
    KeyStore identity = identity("server");
    try (ServerUnderTest under =
        new ServerUnderTest(home, ServerOptions.DEFAULTS.withTls(options(identity, null)))) {
      SSLContext context = context(identity.getCertificate("a"), null);
      assertTrue(rawHttp2("localhost", context, under.server).contains("version"));
      assertTrue(rawHttp2("evil.example", context, under.server).contains("not called by this"));
    }
  }

  // The client of the platform only asks for what it connects to. (RFC 9113, RFC 7541)
  private static String rawHttp2(String authority, SSLContext context, NearsideServer server)
      throws IOException {
    try (SSLSocket socket =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(server.uri().getHost(), server.uri().getPort())) {
      socket.setSoTimeout(20_000);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2"});
      socket.setSSLParameters(parameters);
      ByteArrayOutputStream head = new ByteArrayOutputStream();
      head.write(0x82); // GET
      head.write(0x87); // https
      literal(head, 1, authority);
      literal(head, 4, "/api/version");
      OutputStream out = socket.getOutputStream();
      out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      out.write(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0}); // no settings
      out.write(new byte[] {0, 0, (byte) head.size(), 1, 5, 0, 0, 0, 1}); // the whole request
      out.write(head.toByteArray());
      out.flush();
      DataInputStream in = new DataInputStream(socket.getInputStream());
      while (true) {
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        in.skipNBytes(5);
        byte[] payload = in.readNBytes(length);
        if (type == 0) {
          return new String(payload, StandardCharsets.UTF_8);
        }
      }
    }
  }

  private static void literal(ByteArrayOutputStream head, int name, String value)
      throws IOException {
    head.write(name);
    head.write(value.length());
    head.write(value.getBytes(StandardCharsets.US_ASCII));
  }

  private static HttpResponse<String> from(String origin, HttpClient client, NearsideServer server)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(server.uri().resolve("/api/version"))
            .header("Origin", origin)
            .build(),
        HttpResponse.BodyHandlers.ofString());
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
    ServeException e =
        assertThrows(
            ServeException.class,
            () -> new ServerUnderTest(home, ServerOptions.DEFAULTS.withTls(missing)));
    assertTrue(String.valueOf(e.getMessage()).contains("none.pem is not there"), e.getMessage());
  }
}
