package dev.nearside.serve.ollama;

import dev.nearside.chat.SinkClosedException;
import dev.nearside.hub.LocalModel;
import dev.nearside.hub.ModelDraft;
import dev.nearside.hub.ModelSettings;
import dev.nearside.serve.ModelWorkshop;
import dev.nearside.serve.Services;
import dev.nearside.serve.http.HttpProblem;
import dev.nearside.serve.http.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The step of making a model that rewrites its weights. */
record Quantizing(Services services, StatusLines lines) {
  private static final long MIN_NANOS = 100_000_000; // between two lines

  /** The draft with its weights in another type, which are in the store then. */
  ModelDraft quantized(ModelDraft draft, String type)
      throws IOException, InterruptedException, SinkClosedException {
    if (!(draft.source() instanceof ModelDraft.Source.From(String model))) {
      // Files become a model first, so that folders and parts have a place to be read from.
      throw HttpProblem.invalid(
          "quantize", "'quantize' needs 'from': make a model of the files first");
    }
    LocalModel base = services.hub().resolve(model);
    Path out = services.hub().scratchFile();
    try {
      Teller teller = new Teller("quantizing " + model + " to " + type);
      services.workshop().quantize(base.path(), out, type, teller);
      lines.send("verifying conversion");
      String sha256 = services.hub().importFile(out);
      lines.send("creating new layer sha256:" + sha256);
      ModelSettings settings = draft.settings().orElse(base.settings()).withParent(base.name());
      return new ModelDraft(
          new ModelDraft.Source.OfFiles(Map.of("model.gguf", sha256)),
          adapters(base, draft),
          settings);
    } finally {
      Files.deleteIfExists(out);
    }
  }

  // They change the new weights as they changed the old ones.
  private static Map<String, String> adapters(LocalModel base, ModelDraft draft) {
    Map<String, String> all = new LinkedHashMap<>();
    base.adapters().forEach(adapter -> all.put(adapter.name(), adapter.sha256()));
    draft
        .adapters()
        .forEach((name, sha256) -> {
          String free = name;
          for (int i = 2; all.containsKey(free); i++) {
            free = i + "-" + name;
          }
          all.put(free, sha256);
        });
    return all;
  }

  /** Tells how far the work is; a client that has gone stops it. */
  private final class Teller implements ModelWorkshop.Progress {
    private final String status;
    private final Thread worker = Thread.currentThread();
    private long last;

    Teller(String status) {
      this.status = status;
    }

    @Override
    public synchronized void at(long done, long all) {
      long now = System.nanoTime();
      if (done < all && now - last < MIN_NANOS) {
        return;
      }
      last = now;
      try {
        lines.send(
            Json.object()
                .put("status", status)
                .put("digest", "0")
                .put("total", all)
                .put("completed", done));
      } catch (SinkClosedException e) {
        worker.interrupt();
      }
    }
  }
}
