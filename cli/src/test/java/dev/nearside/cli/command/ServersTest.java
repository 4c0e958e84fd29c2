package dev.nearside.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.base.Fault;
import dev.nearside.chat.BackendException;
import dev.nearside.chat.LoadedModelState;
import dev.nearside.chat.ModelLease;
import dev.nearside.chat.ModelManager;
import dev.nearside.chat.UnknownModelException;
import dev.nearside.cli.remote.RemoteServer;
import dev.nearside.cli.remote.ServerFile;
import dev.nearside.hub.HubConfig;
import dev.nearside.hub.ModelHub;
import dev.nearside.serve.Host;
import dev.nearside.serve.NearsideServer;
import dev.nearside.serve.ServerOptions;
import dev.nearside.serve.Services;
import dev.nearside.serve.TlsOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands find the server of their home, and take no other program for it. */
class ServersTest {
  private static final String TOKEN = "0f8fad5b-d9cb-469f-a165-70867728950e";
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir Path home;

  /** No models at all. */
  private static final class NoModels implements ModelManager {
    @Override
    public ModelLease acquire(String name, @Nullable Duration keepAlive) {
      throw new UnknownModelException(Fault.of("there is no such model").got(name));
    }

    @Override
    public List<LoadedModelState> loaded() {
      return List.of();
    }

    @Override
    public boolean unload(String name) {
      return false;
    }
  }

  private NearsideServer start(@Nullable TlsOptions tls) {
    ModelHub hub =
        ModelHub.open(
            HubConfig.fromEnvironment(
                Map.of("NEARSIDE_HOME", home.toString(), "NEARSIDE_OFFLINE", "1"), home));
    Services services =
        new Services(
            new NoModels(),
            hub,
            "none",
            "1",
            Clock.systemUTC(),
            new Workshop(),
            new Host("none", 1L << 30));
    return NearsideServer.start(
        services,
        ServerOptions.DEFAULTS
            .withAddress("127.0.0.1", 0)
            .withAccess(ServerOptions.Access.OPEN.withToken(TOKEN))
            .withTls(tls));
  }

  private void announce(URI uri, String token) throws IOException {
    new ServerFile(uri, ProcessHandle.current().pid(), token).write(home);
  }

  @Test
  void ownServer_isFound() throws Exception {
    try (NearsideServer server = start(null)) {
      announce(server.uri(), TOKEN);
      try (RemoteServer remote = RemoteServer.find(home).orElseThrow()) {
        assertEquals(0, remote.get("/api/ps").path("models").size());
      }
    }
  }

  @Test
  void secondServer_isFoundWhenTheFirstHasGone() throws Exception {
    NearsideServer first = start(null);
    try (first;
        NearsideServer second = start(null)) {
      announce(first.uri(), TOKEN);
      makeOlder();
      announce(second.uri(), TOKEN);
      assertEquals(first.uri(), found());
      first.close();
      assertEquals(second.uri(), found());
    }
  }

  // The clock of a file system may be too coarse to tell which came first.
  private void makeOlder() throws IOException {
    try (Stream<Path> files = Files.list(home.resolve("run"))) {
      for (Path file : files.toList()) {
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));
      }
    }
  }

  private URI found() throws Exception {
    try (RemoteServer remote = RemoteServer.find(home).orElseThrow()) {
      return remote.uri();
    }
  }

  @Test
  void filesOfDeadServers_goWhenAnotherIsAnnounced() throws Exception {
    URI uri = URI.create("http://127.0.0.1:1");
    new ServerFile(uri, Long.MAX_VALUE, TOKEN).write(home);
    announce(uri, TOKEN);
    try (Stream<Path> files = Files.list(home.resolve("run"))) {
      assertEquals(1, files.count());
    }
  }

  @Test
  void serverOfAnotherHome_isNotTakenForOurs() throws Exception {
    try (NearsideServer server = start(null)) {
      announce(server.uri(), "another token");
      assertTrue(RemoteServer.find(home).isEmpty());
    }
  }

  @Test
  void otherProgramAtThePort_isNotFound_andNeverSeesTheToken() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<String> seen = CompletableFuture.supplyAsync(() -> answerOnce(other));
      announce(URI.create("http://127.0.0.1:" + other.getLocalPort()), TOKEN);
      assertTrue(RemoteServer.find(home).isEmpty());
      assertFalse(seen.get().contains(TOKEN), seen.get());
    }
  }

  private static String answerOnce(ServerSocket other) {
    try (Socket socket = other.accept()) {
      byte[] head = new byte[4096];
      int length = socket.getInputStream().read(head);
      socket
          .getOutputStream()
          .write(
              "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      return new String(head, 0, length, StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void serverWithACertificateOfItsOwn_isFoundAndUsed() throws Exception {
    try (NearsideServer server = start(tls(false))) {
      announce(server.uri(), TOKEN);
      try (RemoteServer remote = RemoteServer.find(home).orElseThrow()) {
        assertEquals("https", remote.uri().getScheme());
        assertEquals(0, remote.get("/api/ps").path("models").size());
      }
      announce(server.uri(), "another token");
      assertTrue(RemoteServer.find(home).isEmpty());
    }
  }

  @Test
  void serverThatAsksForClientCertificates_isSaidToBeOutOfReach() throws Exception {
    try (NearsideServer server = start(tls(true))) {
      announce(server.uri(), TOKEN);
      BackendException e = assertThrows(BackendException.class, () -> RemoteServer.find(home));
      assertTrue(String.valueOf(e.getMessage()).contains("--tls-client-ca"), e.getMessage());
    }
  }

  private TlsOptions tls(boolean isMutual) throws Exception {
    Path file = home.resolve("a.p12");
    Process tool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "a",
                "-keyalg",
                "EC",
                "-dname",
                "CN=some-name.example",
                "-keystore",
                file.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD))
            .inheritIO()
            .start();
    assertEquals(0, tool.waitFor());
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    }
    Path certificate = pem("cert.pem", "CERTIFICATE", store.getCertificate("a").getEncoded());
    Path key = pem("key.pem", "PRIVATE KEY", store.getKey("a", PASSWORD).getEncoded());
    return new TlsOptions(certificate, key, isMutual ? certificate : null);
  }

  private Path pem(String name, String type, byte[] der) throws IOException {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return Files.writeString(
        home.resolve(name),
        "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n");
  }
}
