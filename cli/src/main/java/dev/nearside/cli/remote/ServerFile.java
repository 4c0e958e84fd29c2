package dev.nearside.cli.remote;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where the server of this home runs: {@code run/server.json} in the home folder, readable by its
 * owner alone.
 *
 * @param uri where it listens
 * @param pid its process
 * @param token a key that is good for everything, as long as the server runs
 */
public record ServerFile(URI uri, long pid, String token) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static Path path(Path home) {
    return home.resolve("run").resolve("server.json");
  }

  /** Writes the file; a server that died may have left one. */
  public void write(Path home) throws IOException {
    Path file = path(home);
    Files.createDirectories(file.getParent());
    ObjectNode node =
        JSON.createObjectNode().put("uri", uri.toString()).put("pid", pid).put("token", token);
    boolean isPosix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] owned =
        isPosix
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    Path temp = Files.createTempFile(file.getParent(), "server", ".tmp", owned);
    try {
      Files.writeString(temp, JSON.writeValueAsString(node));
      Files.move(temp, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temp);
    }
  }

  /** Removes the file if it is still this server's. */
  public void delete(Path home) throws IOException {
    if (read(home).filter(this::equals).isPresent()) {
      Files.deleteIfExists(path(home));
    }
  }

  /** The server of this home whose process lives; empty without one. */
  public static Optional<ServerFile> read(Path home) throws IOException {
    String text;
    try {
      text = Files.readString(path(home));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    try {
      JsonNode node = JSON.readTree(text);
      ServerFile file =
          new ServerFile(
              URI.create(node.path("uri").asString("")),
              node.path("pid").asLong(0),
              node.path("token").asString(""));
      boolean isAlive = ProcessHandle.of(file.pid).map(ProcessHandle::isAlive).orElse(false);
      return isAlive && file.uri.isAbsolute() && file.uri.getHost() != null
          ? Optional.of(file)
          : Optional.empty();
    } catch (JacksonException | IllegalArgumentException e) {
      return Optional.empty(); // nobody's: a server writes the file whole or not at all
    }
  }
}
