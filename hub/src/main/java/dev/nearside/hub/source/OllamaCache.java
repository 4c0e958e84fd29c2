package dev.nearside.hub.source;

import dev.nearside.hub.net.SourceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectMapper;

/**
 * Ollama's model folder, read in place: {@code manifests/registry.ollama.ai/library/NAME/TAG} name
 * {@code blobs/sha256-…}.
 */
public final class OllamaCache {

  private static final int MAX_MANIFEST_BYTES = 4 << 20;
  private static final String HOST = "registry.ollama.ai";

  private final Path folder;

  public OllamaCache(Path folder) {
    this.folder = folder;
  }

  /**
   * @param name {@code name} or {@code user/name}
   */
  public Optional<FoundModel> find(String name, String tag) throws IOException {
    Path manifest =
        folder
            .resolve("manifests")
            .resolve(HOST)
            .resolve(name.contains("/") ? name : "library/" + name)
            .resolve(tag);
    if (!Files.isRegularFile(manifest) || Files.size(manifest) > MAX_MANIFEST_BYTES) {
      return Optional.empty();
    }
    try {
      OllamaManifest layer =
          OllamaManifest.of(new ObjectMapper().readTree(Files.readAllBytes(manifest)), name);
      FoundModel found = blob("ollama/" + name + ":" + tag, layer.sha256());
      return found == null || found.bytes() != layer.bytes()
          ? Optional.empty()
          : Optional.of(found);
    } catch (JacksonException | SourceException e) {
      // Not a manifest of a GGUF model: nothing we could load.
      return Optional.empty();
    }
  }

  /** The blob of this digest, whatever model it belongs to; null when there is none. */
  public @Nullable FoundModel blob(String name, String sha256) throws IOException {
    Path blob = folder.resolve("blobs").resolve("sha256-" + sha256);
    if (!Files.isRegularFile(blob)) {
      return null;
    }
    return new FoundModel(
        name,
        blob,
        Files.size(blob),
        sha256,
        List.of(new FoundModel.Digested(blob, sha256)),
        Files.getLastModifiedTime(blob).toInstant());
  }

  /** Every model whose blob is there. */
  public List<FoundModel> list() throws IOException {
    Path root = folder.resolve("manifests").resolve(HOST);
    List<FoundModel> all = new ArrayList<>();
    if (!Files.isDirectory(root)) {
      return all;
    }
    try (Stream<Path> walk =
        Files.find(root, 3, (path, attributes) -> attributes.isRegularFile())) {
      for (Path path : (Iterable<Path>) walk.sorted()::iterator) {
        Path relative = root.relativize(path);
        if (relative.getNameCount() == 3) {
          String user = relative.getName(0).toString();
          String name = relative.getName(1).toString();
          String tag = relative.getName(2).toString();
          find(user.equals("library") ? name : user + "/" + name, tag).ifPresent(all::add);
        }
      }
    }
    return all;
  }
}
