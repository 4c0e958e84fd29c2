package dev.nearside.engine;

import java.nio.file.Path;

/**
 * A LoRA adapter of an engine.
 *
 * @param name what requests call it
 * @param scale at which it works in requests that name no adapter; 0 = only where it is named
 * @param isPart whether it belongs to the model: then it works in every request at its scale,
 *     before those that are named, and no request can name it
 */
public record AdapterFile(String name, Path path, float scale, boolean isPart) {
  /** One that requests may use. */
  public AdapterFile(String name, Path path, float scale) {
    this(name, path, scale, false);
  }

  /** One that belongs to the model. */
  public static AdapterFile ofModel(Path path) {
    return new AdapterFile(path.toString(), path, 1f, true);
  }
}
