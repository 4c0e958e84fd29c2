package dev.nearside.cli.command;

import dev.nearside.hub.LocalModel;
import dev.nearside.model.Originals;
import dev.nearside.model.PackedFiles;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a model takes on the disk.
 *
 * @param fileBytes of its files, or of what was kept of a dropped original
 * @param packedBytes of its packed weights
 */
record DiskUse(long fileBytes, long packedBytes, boolean isDropped) {
  /**
   * @param folder of packed weights
   */
  static DiskUse of(LocalModel model, Path folder) {
    return of(model.path(), model.bytes(), folder);
  }

  static DiskUse of(Path model, long bytes, Path folder) {
    long packed = PackedFiles.of(folder, model).stream().mapToLong(PackedFiles.Entry::bytes).sum();
    boolean isDropped = Originals.isDropped(model);
    return isDropped
        ? new DiskUse(
            model.toFile().length(), packed + Originals.packed(model).toFile().length(), true)
        : new DiskUse(bytes, packed, false);
  }

  /** For JSON. */
  Map<String, Object> toJson() {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("file_bytes", fileBytes);
    out.put("packed_bytes", packedBytes);
    out.put("original", isDropped ? "dropped" : "present");
    return out;
  }
}
