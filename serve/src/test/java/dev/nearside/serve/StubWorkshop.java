package dev.nearside.serve;

import dev.nearside.base.Fault;
import dev.nearside.chat.ChatException;
import dev.nearside.hub.LocalModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Says the same of every model; quantising writes the type's name behind the file. */
public final class StubWorkshop implements ModelWorkshop {
  /** Made nothing yet. */
  public StubWorkshop() {}

  @Override
  public ModelBrief brief(LocalModel model) {
    return card(List.of()).brief();
  }

  @Override
  public ModelCard read(LocalModel model) {
    return card(List.of());
  }

  @Override
  public ModelCard readWhole(LocalModel model) {
    return card(List.of("a", "b"));
  }

  private static ModelCard card(List<String> tokens) {
    return new ModelCard(
        "gguf",
        "llama",
        1_000_000,
        "1M",
        "Q8_0",
        4096,
        "{{ messages }}",
        "apache-2.0",
        List.of("completion", "tools"),
        Map.of("llama.context_length", 4096L, "tokenizer.ggml.tokens", tokens));
  }

  @Override
  public Set<String> quantizations() {
    return Set.of("Q8_0", "Q4_K");
  }

  @Override
  public void checkAdapter(Path adapter, @Nullable Path model) {
    try {
      if (!Files.readString(adapter).startsWith("adapter")) {
        throw new ChatException(Fault.of("this file is not an adapter"));
      }
      if (model != null && Files.readString(adapter).contains("other")) {
        throw new ChatException(Fault.of("the adapter is for another model"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void quantize(Path in, Path out, String type, Progress progress) {
    try {
      Files.writeString(out, Files.readString(in) + type);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    progress.at(1, 1);
  }
}
