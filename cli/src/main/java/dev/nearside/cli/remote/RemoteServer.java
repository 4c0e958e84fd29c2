package dev.nearside.cli.remote;

import dev.nearside.base.Fault;
import dev.nearside.chat.BackendException;
import dev.nearside.chat.ChatException;
import dev.nearside.chat.ContextOverflowException;
import dev.nearside.chat.UnknownModelException;
import dev.nearside.serve.ServerProof;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import javax.net.ssl.SSLException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server on this machine, spoken to over HTTP. */
public final class RemoteServer implements AutoCloseable {
  static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final int CHALLENGE_BYTES = 32;

  private final ServerFile file;
  private final PinnedTrust trust = new PinnedTrust();
  private final HttpClient http;

  private RemoteServer(ServerFile file) {
    this.file = file;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(trust.context())
            .connectTimeout(CONNECT)
            .build();
  }

  /**
   * The server of this home that was first announced, of those that answer and prove that they
   * wrote their file: another program may have their port by now, or their process number.
   *
   * @throws BackendException when there are none but such that speak to nobody without a client
   *     certificate
   */
  public static Optional<RemoteServer> find(Path home) throws IOException, InterruptedException {
    BackendException outOfReach = null;
    for (ServerFile file : ServerFile.all(home)) {
      RemoteServer server = new RemoteServer(file);
      try {
        if (server.isProven()) {
          return Optional.of(server);
        }
      } catch (SSLException e) {
        outOfReach = outOfReach(file, e);
      } catch (IOException e) {
        // a process that no longer answers is no server
      }
      server.close();
    }
    if (outOfReach != null) {
      throw outOfReach;
    }
    return Optional.empty();
  }

  private static BackendException outOfReach(ServerFile file, SSLException e) {
    return new BackendException(
        Fault.of("the server can't be spoken to over TLS")
            .got(String.valueOf(e.getMessage()))
            .where(file.uri())
            .hint(
                "With --tls-client-ca it takes no commands of this machine: end it with Ctrl-C,"
                    + " or SIGTERM to process "
                    + file.pid()
                    + "."),
        e);
  }

  // Without the token, which is for this server alone.
  private boolean isProven() throws IOException, InterruptedException {
    byte[] random = new byte[CHALLENGE_BYTES];
    new SecureRandom().nextBytes(random);
    String challenge = HexFormat.of().formatHex(random);
    HttpResponse<Void> health =
        http.send(
            HttpRequest.newBuilder(file.uri().resolve("/health"))
                .header(ServerProof.CHALLENGE, challenge)
                .timeout(CONNECT)
                .build(),
            BodyHandlers.discarding());
    Certificate shown =
        health.sslSession().isPresent() ? health.sslSession().get().getPeerCertificates()[0] : null;
    String expected = ServerProof.of(file.token(), challenge, shown);
    if (!health.headers().firstValue(ServerProof.PROOF).equals(Optional.ofNullable(expected))) {
      return false;
    }
    if (shown != null) {
      try {
        trust.pin(shown);
      } catch (CertificateException e) {
        throw new IOException(e);
      }
    }
    return health.statusCode() == 200;
  }

  public URI uri() {
    return file.uri();
  }

  public long pid() {
    return file.pid();
  }

  /** The answer to a GET. */
  public JsonNode get(String path) throws IOException, InterruptedException {
    return json(http.send(request(path).GET().build(), BodyHandlers.ofInputStream()));
  }

  /** The answer to a POST. */
  public JsonNode post(String path, JsonNode body) throws IOException, InterruptedException {
    return json(http.send(posted(path, body), BodyHandlers.ofInputStream()));
  }

  /**
   * The answer to a POST, as it comes; closing it ends the request.
   *
   * @throws ChatException when the server refuses
   */
  InputStream stream(String path, JsonNode body) throws IOException, InterruptedException {
    HttpResponse<InputStream> response =
        http.send(posted(path, body), BodyHandlers.ofInputStream());
    if (response.statusCode() != 200) {
      throw refused(response);
    }
    return response.body();
  }

  private HttpRequest posted(String path, JsonNode body) {
    return request(path)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(JSON.writeValueAsString(body)))
        .build();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(file.uri().resolve(path))
        .header("Authorization", "Bearer " + file.token());
  }

  private static JsonNode json(HttpResponse<InputStream> response) throws IOException {
    if (response.statusCode() != 200) {
      throw refused(response);
    }
    try (InputStream in = response.body()) {
      byte[] bytes = in.readAllBytes();
      return bytes.length == 0 ? JSON.createObjectNode() : JSON.readTree(bytes);
    }
  }

  // Ollama's errors are a text, the others' an object with a message.
  private static ChatException refused(HttpResponse<InputStream> response) throws IOException {
    String text;
    try (InputStream in = response.body()) {
      text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    String message = text;
    String code = "";
    try {
      JsonNode error = JSON.readTree(text).path("error");
      message = error.isString() ? error.stringValue() : error.path("message").asString(text);
      code = error.path("code").asString("");
    } catch (JacksonException e) {
      message = "HTTP " + response.statusCode();
    }
    Fault fault = Fault.of(message);
    if (code.equals("context_length_exceeded")) {
      return new ContextOverflowException(fault, 0, 0);
    }
    return switch (response.statusCode()) {
      case 404 -> new UnknownModelException(fault);
      case 400, 422 -> new ChatException(fault);
      default -> new BackendException(fault, null);
    };
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
