package dev.nearside.engine;

import dev.nearside.base.Fault;
import dev.nearside.format.TensorFile;
import dev.nearside.format.gguf.GgufFile;
import dev.nearside.model.ModelException;
import dev.nearside.model.Originals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Tells one model from another without reading it: path, size and time of its files. In the store
 * the path holds the content's digest.
 */
final class ModelIdentity {
  private ModelIdentity() {}

  /**
   * @throws ModelException when a file can't be looked at
   */
  static String of(TensorFile tensors, Path path) {
    try {
      StringBuilder out = new StringBuilder();
      for (Path file : files(tensors, path)) {
        out.append(file.toRealPath())
            .append(' ')
            .append(Files.size(file))
            .append(' ')
            .append(Files.getLastModifiedTime(file).toMillis())
            .append('\n');
      }
      return out.toString();
    } catch (IOException e) {
      throw new ModelException(Fault.of("the model file can't be read").where(path), e);
    }
  }

  private static List<Path> files(TensorFile tensors, Path path) throws IOException {
    if (tensors instanceof GgufFile gguf) {
      return gguf.paths();
    }
    if (Originals.isDropped(path)) {
      return List.of(path);
    }
    try (Stream<Path> all = Files.list(path)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
