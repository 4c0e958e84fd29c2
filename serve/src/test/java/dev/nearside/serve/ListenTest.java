package dev.nearside.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListenTest {
  @TempDir Path home;

  @Test
  void start_portThatIsTaken_saysSo() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String message = fails("127.0.0.1", other.getLocalPort());
      assertTrue(
          message.contains("the port is taken: got 127.0.0.1:" + other.getLocalPort()), message);
    }
  }

  @ParameterizedTest
  @CsvSource({"no-such-host.invalid, no such host", "192.0.2.7, no such address"})
  void start_hostThatIsNotHere_saysSo(String host, String expected) {
    String message = fails(host, 0);
    assertTrue(message.contains(expected) && message.contains(host), message);
  }

  @Test
  void of_anythingElse_keepsItsReason() {
    assertEquals(
        "the server can't listen: got out of files (127.0.0.1:11500)",
        ListenFault.of(new IllegalStateException("out of files"), ServerOptions.DEFAULTS)
            .message());
  }

  private String fails(String host, int port) {
    ServerOptions options = ServerOptions.DEFAULTS.withAddress(host, port);
    return assertThrows(ServeException.class, () -> new ServerUnderTest(home, options, port))
        .fault()
        .message();
  }
}
