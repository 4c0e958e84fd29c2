package dev.nearside.serve;

import dev.nearside.hub.LocalModel;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks into model files and rewrites them. Whoever wires the system hands it in: the server itself
 * knows no file formats.
 */
public interface ModelWorkshop {
  /** What a list says about a model: from what is known of it, or its header alone. */
  ModelBrief brief(LocalModel model);

  /**
   * What a model's files say about it; long lists of the metadata are empty. Quick for a model that
   * was read before.
   *
   * @throws dev.nearside.base.NearsideException when they can't be read
   */
  ModelCard read(LocalModel model);

  /** As {@link #read}, with the long lists: the vocabulary and its like. */
  ModelCard readWhole(LocalModel model);

  /** What {@link #quantize} can write, by GGUF's names, such as {@code Q8_0}. */
  Set<String> quantizations();

  /**
   * Writes a model's weights in another type.
   *
   * @param in a GGUF file or a folder
   * @param out the GGUF file to write
   * @param type one of {@link #quantizations}
   * @throws dev.nearside.base.NearsideException when {@code in} is broken
   */
  void quantize(Path in, Path out, String type, Progress progress) throws InterruptedException;

  /**
   * Checks that a file is a low-rank adapter, and one for a certain model.
   *
   * @param model a GGUF file or a folder; null = whichever
   * @throws dev.nearside.chat.ChatException when it is none, or is another model's
   */
  void checkAdapter(Path adapter, @Nullable Path model);

  /** Hears how far a long work is. */
  @FunctionalInterface
  interface Progress {
    void at(long done, long all);
  }
}
