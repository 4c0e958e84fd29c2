package dev.nearside.hub.source;

import dev.nearside.hub.HubConfig;
import dev.nearside.hub.ModelName;
import dev.nearside.hub.catalogue.CatalogueEntry;
import dev.nearside.hub.catalogue.SourceSpec;
import java.util.List;

/** The kinds of sources: the table of contents of this package. */
public final class Sources {

  private final HubConfig config;

  public Sources(HubConfig config) {
    this.config = config;
  }

  /** An entry's sources, in the order they are tried. */
  public List<ModelSource> of(CatalogueEntry entry) {
    return entry.sources().stream().map(spec -> of(spec, entry)).toList();
  }

  /** The one source that a name spells out; none for names of the catalogue and paths. */
  public List<ModelSource> of(ModelName name) {
    HubConfig.Endpoints at = config.endpoints();
    return switch (name) {
      case ModelName.HuggingFace hf ->
          List.of(
              new HuggingFaceSource(at.huggingFace(), at.hfToken(), hf.repo(), hf.quant(), null));
      case ModelName.ModelScope ms ->
          List.of(new ModelScopeSource(at.modelScope(), ms.repo(), ms.quant(), null));
      case ModelName.Ollama ollama ->
          List.of(new OllamaSource(at.ollamaRegistry(), ollama.name(), ollama.tag()));
      case ModelName.Plain plain -> List.of();
      case ModelName.Local local -> List.of();
    };
  }

  private ModelSource of(SourceSpec spec, CatalogueEntry entry) {
    HubConfig.Endpoints at = config.endpoints();
    return switch (spec) {
      case SourceSpec.HuggingFace hf ->
          new HuggingFaceSource(at.huggingFace(), at.hfToken(), hf.repo(), hf.file(), entry.file());
      case SourceSpec.HuggingFaceFolder folder ->
          new HuggingFaceSource(at.huggingFace(), at.hfToken(), folder.repo(), null, entry.file());
      case SourceSpec.PackageFolder folder -> new PackageFolderSource(config, folder, entry.file());
      case SourceSpec.ModelScope ms ->
          new ModelScopeSource(at.modelScope(), ms.repo(), ms.file(), entry.file());
      case SourceSpec.Ollama ollama ->
          new OllamaSource(at.ollamaRegistry(), ollama.name(), ollama.tag());
      case SourceSpec.Packages packages ->
          new PackageSource(config, packages.parts(), entry.file());
    };
  }
}
