package dev.nearside.serve.ollama;

import dev.nearside.hub.ModelDraft;
import dev.nearside.serve.Services;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Looks at the adapters of a model that is to be made, before it is. */
record AdapterCheck(Services services) {
  /** Refuses what is no adapter at all; needs no model yet. */
  void areAdapters(ModelDraft draft) {
    check(draft, null);
  }

  /** Refuses adapters of another model. One in several files is looked at when it is loaded. */
  void areOfTheModel(ModelDraft draft) {
    Path model =
        switch (draft.source()) {
          case ModelDraft.Source.From(String name) -> services.hub().resolve(name).path();
          case ModelDraft.Source.OfFiles(Map<String, String> digests) ->
              digests.size() == 1 ? services.hub().blob(digests.values().iterator().next()) : null;
        };
    check(draft, model);
  }

  private void check(ModelDraft draft, @Nullable Path model) {
    for (String sha256 : draft.adapters().values()) {
      services.workshop().checkAdapter(services.hub().blob(sha256), model);
    }
  }
}
