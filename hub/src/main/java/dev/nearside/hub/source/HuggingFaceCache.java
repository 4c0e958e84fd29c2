package dev.nearside.hub.source;

import dev.nearside.hub.net.SourceException;
import dev.nearside.hub.store.Manifest;
import dev.nearside.hub.store.SafeNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * Hugging Face's cache, read in place: {@code models--USER--REPO/snapshots/COMMIT/FILE} are links
 * to {@code blobs/SHA256}. See https://huggingface.co/docs/huggingface_hub/guides/manage-cache.
 */
public final class HuggingFaceCache {

  private static final int MAX_DEPTH = 4;

  private final Path folder;

  public HuggingFaceCache(Path folder) {
    this.folder = folder;
  }

  /**
   * @param wanted quant format or file; null for the default
   */
  public Optional<FoundModel> find(String repo, @Nullable String wanted) throws IOException {
    Path snapshot = snapshot(folder.resolve("models--" + repo.replace("/", "--")));
    if (snapshot == null) {
      return Optional.empty();
    }
    List<RepoFile> files = list(snapshot);
    try {
      RepoChoice choice = RepoChoice.of(files, wanted, repo);
      String name = "hf.co/" + repo + (wanted == null ? "" : ":" + wanted);
      return isWhole(choice, snapshot)
          ? Optional.of(found(name, choice, snapshot))
          : Optional.empty();
    } catch (SourceException e) {
      // Nothing usable in this snapshot: the same as no snapshot.
      return Optional.empty();
    }
  }

  /** Every usable model: each GGUF by its file name, or the folder. */
  public List<FoundModel> list() throws IOException {
    List<FoundModel> all = new ArrayList<>();
    for (Path path : children(folder)) {
      String[] words = path.getFileName().toString().split("--", 3);
      if (words.length != 3 || !words[0].equals("models")) {
        continue;
      }
      String repo = words[1] + "/" + words[2];
      Path snapshot = snapshot(path);
      if (snapshot == null) {
        continue;
      }
      for (RepoFile file : list(snapshot)) {
        if (file.name().endsWith(".gguf")
            && !file.name().matches(".*-0000[2-9]-of-.*|.*mmproj.*")) {
          find(repo, file.name()).ifPresent(all::add);
        }
      }
      if (all.stream().noneMatch(found -> found.name().startsWith("hf.co/" + repo + ":"))) {
        find(repo, null).ifPresent(all::add);
      }
    }
    return all;
  }

  private static @Nullable Path snapshot(Path repoFolder) throws IOException {
    Path snapshots = repoFolder.resolve("snapshots");
    Path main = repoFolder.resolve("refs").resolve("main");
    if (Files.isRegularFile(main) && Files.size(main) < 256) {
      String commit = Files.readString(main).strip();
      if (commit.matches("[0-9a-f]{40}") && Files.isDirectory(snapshots.resolve(commit))) {
        return snapshots.resolve(commit);
      }
    }
    return children(snapshots).stream()
        .filter(Files::isDirectory)
        .max(Comparator.comparingLong(path -> path.toFile().lastModified()))
        .orElse(null);
  }

  private static List<RepoFile> list(Path snapshot) throws IOException {
    List<RepoFile> files = new ArrayList<>();
    try (Stream<Path> walk = Files.walk(snapshot, MAX_DEPTH)) {
      for (Path path : (Iterable<Path>) walk.sorted()::iterator) {
        // Follows links: one whose blob is missing is no file.
        if (Files.isRegularFile(path)) {
          String blob = path.toRealPath().getFileName().toString();
          String relative = snapshot.relativize(path).toString().replace('\\', '/');
          String sha256 = SafeNames.isSha256(blob) ? blob : null;
          files.add(new RepoFile(relative, Files.size(path), sha256, null));
        }
      }
    }
    return files;
  }

  private static FoundModel found(String name, RepoChoice choice, Path snapshot)
      throws IOException {
    long bytes = 0;
    List<FoundModel.Digested> digests = new ArrayList<>();
    for (RepoFile file : choice.files()) {
      bytes += file.size();
      if (file.sha256() != null) {
        Path real = snapshot.resolve(file.path()).toRealPath();
        digests.add(new FoundModel.Digested(real, file.sha256()));
      }
    }
    Path first = snapshot.resolve(choice.files().getFirst().path());
    boolean isFolder = choice.kind() == Manifest.Kind.SAFETENSORS;
    Instant time = Files.getLastModifiedTime(first).toInstant();
    boolean isSingle = !isFolder && choice.files().size() == 1;
    String sha256 = isSingle ? choice.files().getFirst().sha256() : null;
    return new FoundModel(name, isFolder ? snapshot : first, bytes, sha256, digests, time);
  }

  /** A snapshot holds what was asked for so far; a model needs all shards and a tokenizer. */
  private static boolean isWhole(RepoChoice choice, Path snapshot) throws IOException {
    if (choice.kind() == Manifest.Kind.GGUF) {
      return true;
    }
    List<String> names = choice.files().stream().map(RepoFile::name).toList();
    boolean hasTokenizer = names.contains("tokenizer.json") || names.contains("tokenizer.model");
    Path index = snapshot.resolve("model.safetensors.index.json");
    if (!Files.isRegularFile(index)) {
      return hasTokenizer && names.contains("model.safetensors");
    }
    try {
      for (JsonNode shard : new ObjectMapper().readTree(index.toFile()).path("weight_map")) {
        if (!names.contains(shard.asString(""))) {
          return false;
        }
      }
      return hasTokenizer;
    } catch (JacksonException e) {
      // A cut index belongs to a download that did not finish.
      return false;
    }
  }

  private static List<Path> children(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(path)) {
      return files.sorted().toList();
    }
  }
}
