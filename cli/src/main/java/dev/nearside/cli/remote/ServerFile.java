package dev.nearside.cli.remote;

import java.io.IOException;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where a server of this home runs: {@code run/server-PID-PORT.json} in the home folder, readable
 * by its owner alone.
 *
 * @param uri where it listens
 * @param pid its process
 * @param token a key that is good for everything, as long as the server runs
 */
public record ServerFile(URI uri, long pid, String token) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static Path folder(Path home) {
    return home.resolve("run");
  }

  private Path path(Path home) {
    return folder(home).resolve("server-" + pid + "-" + uri.getPort() + ".json");
  }

  /** Writes the file, and takes away those that servers left when they died. */
  public void write(Path home) throws IOException {
    Path file = path(home);
    Files.createDirectories(file.getParent());
    for (Path other : files(home)) {
      if (parse(other).isEmpty()) {
        Files.deleteIfExists(other);
      }
    }
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

  /** Removes the file. */
  public void delete(Path home) throws IOException {
    Files.deleteIfExists(path(home));
  }

  /** The servers of this home whose processes live, the longest announced first. */
  public static List<ServerFile> all(Path home) throws IOException {
    List<ServerFile> out = new ArrayList<>();
    for (Path file : files(home)) {
      parse(file).ifPresent(out::add);
    }
    return out;
  }

  private static List<Path> files(Path home) throws IOException {
    if (!Files.isDirectory(folder(home))) {
      return List.of();
    }
    List<Path> out = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder(home), "server-*.json")) {
      all.forEach(out::add);
    }
    // A file that goes meanwhile has the time 0.
    Map<Path, Long> times = new HashMap<>();
    out.forEach(file -> times.put(file, file.toFile().lastModified()));
    out.sort(Comparator.<Path, Long>comparing(times::get).thenComparing(Function.identity()));
    return out;
  }

  private static Optional<ServerFile> parse(Path path) throws IOException {
    try {
      JsonNode node = JSON.readTree(Files.readString(path));
      ServerFile file =
          new ServerFile(
              URI.create(node.path("uri").asString("")),
              node.path("pid").asLong(0),
              node.path("token").asString(""));
      boolean isAlive = ProcessHandle.of(file.pid).map(ProcessHandle::isAlive).orElse(false);
      return isAlive && file.uri.isAbsolute() && file.uri.getHost() != null
          ? Optional.of(file)
          : Optional.empty();
    } catch (NoSuchFileException | AccessDeniedException e) {
      return Optional.empty(); // it has just gone, or is another user's
    } catch (JacksonException | IllegalArgumentException e) {
      return Optional.empty(); // nobody's: a server writes the file whole or not at all
    }
  }
}
