package dev.nearside.cli.command;

import dev.nearside.base.Fault;
import dev.nearside.engine.AdapterInspection;
import dev.nearside.hub.ModelHub;
import dev.nearside.hub.RefusedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The adapters that a Modelfile names: files, or blobs of the store by digest.
 *
 * @param folder where the Modelfile lies; null = here
 */
record AdapterFiles(ModelHub hub, @Nullable Path folder) {
  private static final Pattern DIGEST = Pattern.compile("@?sha256[:-]([0-9a-f]{64})");

  /**
   * Checks adapters and takes them into the store.
   *
   * @param model the model that they are for
   * @return digests by name
   */
  Map<String, String> taken(List<String> adapters, Path model) throws InterruptedException {
    Map<String, String> digests = new LinkedHashMap<>();
    for (String adapter : adapters) {
      Matcher digest = DIGEST.matcher(adapter);
      boolean isBlob = digest.matches();
      Path file = isBlob ? hub.blob(digest.group(1)) : file(adapter);
      AdapterInspection.check(file, model);
      String sha256 = isBlob ? digest.group(1) : hub.importFile(file);
      digests.put(free(isBlob ? "adapter.gguf" : safe(file), digests), sha256);
    }
    return digests;
  }

  private Path file(String adapter) {
    try {
      Path given = Path.of(adapter);
      Path file = folder == null ? given.toAbsolutePath() : folder.resolve(given).normalize();
      if (Files.exists(file)) {
        return file;
      }
      throw absent(file);
    } catch (InvalidPathException e) {
      throw absent(adapter);
    }
  }

  private static RefusedException absent(Object file) {
    return new RefusedException(Fault.of("there is no such adapter").got(file));
  }

  // The store takes names that every file system does.
  private static String safe(Path file) {
    String name = String.valueOf(file.getFileName()).replaceAll("[^A-Za-z0-9._+@=-]+", "_");
    String kept = name.length() > 150 ? name.substring(name.length() - 150) : name;
    return kept.matches("[A-Za-z0-9].*") && !kept.contains("..") ? kept : "adapter.gguf";
  }

  private static String free(String name, Map<String, String> taken) {
    String free = name;
    for (int i = 2; taken.containsKey(free); i++) {
      free = i + "-" + name;
    }
    return free;
  }
}
