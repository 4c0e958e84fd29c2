package dev.nearside.cli.command;

import dev.nearside.base.NearsideException;
import dev.nearside.hub.LocalModel;
import dev.nearside.hub.ModelHub;
import dev.nearside.model.Originals;
import dev.nearside.model.PackedFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads all files of all models of the store, and packed weights.
 *
 * @param packed folder of packed weights
 */
record ModelAudit(ModelHub hub, Path packed) {
  /**
   * @param problems gets a line for each thing that is wrong
   * @return how much was looked at, and how many things are wrong
   */
  Map<String, Object> run(List<String> problems) {
    List<String> found = new ArrayList<>(hub.verify());
    List<LocalModel> models = hub.list();
    Map<Path, String> checked = new HashMap<>(); // models may share what is left
    for (LocalModel model : models) {
      if (Originals.isDropped(model.path())) {
        String fault = checked.computeIfAbsent(model.path(), path -> fault(path, model.sha256()));
        if (!fault.isEmpty()) {
          found.add(model.name() + ": " + fault);
        }
      }
    }
    PackedFiles.verify(packed).stream()
        .map(fault -> fault + "; the next start makes it anew")
        .forEach(found::add);
    problems.addAll(found);
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("models", models.size());
    out.put("packed files", PackedFiles.list(packed).size());
    out.put("problems", found.size());
    return out;
  }

  /** What is wrong with what is left of an original; nothing if that is empty. */
  private static String fault(Path remainder, @Nullable String sha256) {
    try {
      String digest = Originals.sha256(remainder);
      return digest.equals(sha256) ? "" : "its dropped original would have another checksum";
    } catch (NearsideException e) {
      return e.fault().message();
    }
  }
}
