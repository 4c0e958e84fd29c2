package dev.nearside.hub;

import dev.nearside.base.Fault;
import dev.nearside.hub.catalogue.CatalogueEntry;
import dev.nearside.hub.catalogue.Licence;
import dev.nearside.hub.net.HubHttp;
import dev.nearside.hub.net.SourceException;
import dev.nearside.hub.source.Fetched;
import dev.nearside.hub.source.Intake;
import dev.nearside.hub.source.ModelSource;
import dev.nearside.hub.source.Sources;
import dev.nearside.hub.store.FileLocks;
import dev.nearside.hub.store.Manifest;
import dev.nearside.hub.store.Store;
import dev.nearside.hub.store.StoreException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The way of a pull: show terms, take the model's lock, look again (another process may have
 * brought it), try source after source, publish the manifest.
 */
final class Pull {

  private final HubConfig config;
  private final HubHttp http;
  private final Store store;
  private final Sources sources;

  Pull(HubConfig config, HubHttp http, Store store, Sources sources) {
    this.config = config;
    this.http = http;
    this.store = store;
    this.sources = sources;
  }

  Manifest run(
      String canonical, ModelName name, @Nullable CatalogueEntry entry, PullListener listener)
      throws InterruptedException {
    requireNetwork(canonical);
    if (entry != null) {
      showTerms(entry, listener);
    }
    try (FileLocks.Held _ =
        store.lockModel(canonical, () -> listener.onEvent(new PullEvent.Waiting(canonical)))) {
      Optional<Manifest> already = whole(canonical);
      if (already.isPresent()) {
        return already.get();
      }
      Manifest manifest = fromFirst(name, entry, canonical, listener);
      store.publish(manifest);
      return manifest;
    }
  }

  /**
   * Brings the files of a model again, whether its manifest is here or not; that stays as it is.
   * The model's lock is held.
   */
  void again(
      String canonical, ModelName name, @Nullable CatalogueEntry entry, PullListener listener)
      throws InterruptedException {
    requireNetwork(canonical);
    fromFirst(name, entry, canonical, listener);
  }

  private void requireNetwork(String canonical) {
    if (config.isOffline()) {
      throw new HubException(
          Fault.of("the model is not on this machine, and the network is off")
              .got(canonical)
              .hint("Pull it once without --offline and NEARSIDE_OFFLINE"));
    }
  }

  private static void showTerms(CatalogueEntry entry, PullListener listener) {
    Licence licence = entry.licence();
    if (licence.terms() == null) {
      return;
    }
    PullEvent.Terms terms =
        new PullEvent.Terms(entry.name(), licence.id(), licence.url(), licence.terms());
    if (!listener.acceptTerms(terms)) {
      throw new HubException(
          Fault.of("the licence terms were not accepted")
              .got(entry.name())
              .where(String.valueOf(licence.url())));
    }
  }

  /** The manifest, if it and all its blobs are sound. */
  private Optional<Manifest> whole(String canonical) throws InterruptedException {
    try {
      Optional<Manifest> manifest = store.manifest(canonical);
      if (manifest.isPresent()) {
        store.open(manifest.get());
      }
      return manifest;
    } catch (StoreException e) {
      // Damaged: this pull replaces it.
      return Optional.empty();
    }
  }

  /** The manifest of what the first source that works has; its blobs are stored. */
  private Manifest fromFirst(
      ModelName name, @Nullable CatalogueEntry entry, String canonical, PullListener listener)
      throws InterruptedException {
    List<ModelSource> all = entry == null ? sources.of(name) : sources.of(entry);
    Intake intake = new Intake(http, store, listener, store.workFolder(canonical));
    List<String> tried = new ArrayList<>();
    SourceException last = null;
    for (ModelSource source : all) {
      listener.onEvent(new PullEvent.Trying(source.label()));
      try {
        Fetched fetched = source.fetch(intake);
        return new Manifest(
            canonical, fetched.kind(), fetched.files(), source.label(), Instant.now());
      } catch (SourceException e) {
        listener.onEvent(
            new PullEvent.SourceFailed(source.label(), String.valueOf(e.getMessage())));
        tried.add(source.label() + ": " + e.getMessage());
        last = e;
      }
    }
    throw new HubException(
        Fault.of("the model could not be pulled")
            .got(canonical)
            .where("tried " + String.join("; ", tried)),
        last);
  }
}
