package dev.nearside.engine.pool;

import dev.nearside.engine.EngineOptions;
import dev.nearside.engine.ServingOptions;
import java.nio.file.Path;

/** Where a {@link ModelPool} finds the models that it is asked for. */
@FunctionalInterface
public interface ModelSource {
  /**
   * A model that can be loaded.
   *
   * @param name its full name, tag included: two names of one model give the same
   * @param path the file or folder
   * @param bytes size of its weights on disk
   * @param quantization as users know it, such as {@code Q4_K_M}; empty when unknown
   */
  record Found(String name, Path path, long bytes, String quantization, EngineOptions options) {
    /** With so much memory for keys and values at most, unless something else was asked for. */
    Found withKvLimit(long kvBytes) {
      ServingOptions serving = options.serving();
      return serving.kvBytes() != 0
          ? this
          : new Found(
              name, path, bytes, quantization, options.withServing(serving.withKvBytes(kvBytes)));
    }
  }

  /**
   * The model of this name.
   *
   * @throws dev.nearside.chat.UnknownModelException when there is none here
   */
  Found find(String name);
}
