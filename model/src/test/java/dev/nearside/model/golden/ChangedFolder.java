package dev.nearside.model.golden;

import dev.nearside.format.safetensors.HfFolder;
import dev.nearside.model.golden.GoldenIndex.Case;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A copy of a case's folder with its configuration, changed or not. */
final class ChangedFolder {
  private ChangedFolder() {}

  /**
   * @param changes merged into {@code config.json}: dotted keys reach into objects, null removes
   */
  static Path make(Path temp, Case c, Map<String, Object> changes) throws IOException {
    Path folder = Files.createTempDirectory(temp, c.name());
    Files.copy(c.config(), folder.resolve("config.json"));
    Files.copy(c.folder().resolve("model.safetensors"), folder.resolve("model.safetensors"));
    change(folder, changes);
    return folder;
  }

  /** Merges {@code changes} into a folder's {@code config.json}. */
  static void change(Path folder, Map<String, Object> changes) throws IOException {
    if (!changes.isEmpty()) {
      Map<String, Object> config = new LinkedHashMap<>(HfFolder.open(folder).config());
      changes.forEach((key, value) -> set(config, key, value));
      Files.writeString(folder.resolve("config.json"), json(config));
    }
  }

  private static void set(Map<String, Object> object, String key, @Nullable Object value) {
    int dot = key.indexOf('.');
    if (dot > 0) {
      Map<String, Object> inner = GoldenIndex.object(object.get(key.substring(0, dot)));
      set(inner, key.substring(dot + 1), value);
      object.put(key.substring(0, dot), inner);
    } else if (value == null) {
      object.remove(key);
    } else {
      object.put(key, value);
    }
  }

  private static String json(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case String s -> '"' + s + '"';
      case List<?> l ->
          l.stream().map(ChangedFolder::json).collect(Collectors.joining(",", "[", "]"));
      case Map<?, ?> m ->
          m.entrySet().stream()
              .map(e -> '"' + String.valueOf(e.getKey()) + "\":" + json(e.getValue()))
              .collect(Collectors.joining(",", "{", "}"));
      default -> String.valueOf(value);
    };
  }
}
