package dev.nearside.hub;

import dev.nearside.base.Fault;
import dev.nearside.base.NearsideException;
import dev.nearside.hub.store.Digests;
import dev.nearside.hub.store.FileLocks;
import dev.nearside.hub.store.Manifest;
import dev.nearside.hub.store.Store;
import dev.nearside.hub.store.StoreException;
import dev.nearside.hub.store.StoredFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Drops the files of models whose weights are packed, and brings them back. */
final class DroppedOriginals {
  private final Store store;

  DroppedOriginals(Store store) {
    this.store = store;
  }

  /** Fetches the file from where it came, into the store. */
  @FunctionalInterface
  interface Fetch {
    void run() throws InterruptedException;
  }

  /**
   * @return bytes of the file that is gone
   */
  long drop(Manifest manifest, OriginalFiles files) throws InterruptedException {
    StoredFile file = only(manifest);
    // A pull's lock: nothing is pruned or removed meanwhile.
    try (FileLocks.Held _ = store.lockModel(manifest.name(), () -> {})) {
      if (store.remainders().has(file.sha256())) {
        return 0;
      }
      Path blob = store.open(manifest);
      Path remainder = store.scratchFile();
      try {
        Path packed = files.split(blob, file.sha256(), remainder);
        store.remainders().replace(file.sha256(), remainder, packed);
        return file.bytes();
      } finally {
        delete(remainder);
      }
    }
  }

  private static StoredFile only(Manifest manifest) {
    if (!manifest.isSingleFile()) {
      throw new RefusedException(
          Fault.of("only a model of one GGUF file can do without its original")
              .got(manifest.files().size() + " files")
              .where(manifest.name()));
    }
    return manifest.files().getFirst();
  }

  void restore(Manifest manifest, OriginalFiles files, PullListener listener, Fetch fetch)
      throws InterruptedException {
    StoredFile file = only(manifest);
    try (FileLocks.Held _ =
        store.lockModel(
            manifest.name(), () -> listener.onEvent(new PullEvent.Waiting(manifest.name())))) {
      if (!store.remainders().has(file.sha256())) {
        return;
      }
      String fault = rebuild(file, files);
      if (fault != null) {
        listener.onEvent(new PullEvent.Note("it can't be made again here: " + fault));
        fetch(manifest.name(), file, fault, fetch);
      }
      store.remainders().remove(file.sha256());
    }
  }

  /** Makes the file again; why not, or null. */
  private @Nullable String rebuild(StoredFile file, OriginalFiles files)
      throws InterruptedException {
    store.requireSpace(file.bytes());
    Path temp = store.scratchFile();
    try {
      files.rebuild(store.remainders().pathOf(file.sha256()), temp);
      String found = Digests.sha256(temp, done -> {});
      if (!found.equals(file.sha256())) {
        return "it has another digest: " + found;
      }
      store.publishBlob(temp, file.sha256());
      return null;
    } catch (StoreException e) {
      throw e;
    } catch (NearsideException e) {
      return e.fault().message();
    } catch (IOException e) {
      throw StoreException.of("an original cannot be written", temp, e);
    } finally {
      delete(temp);
    }
  }

  private void fetch(String name, StoredFile file, String fault, Fetch fetch)
      throws InterruptedException {
    try {
      fetch.run();
    } catch (HubException e) {
      throw new HubException(
          Fault.of("the original can neither be made again nor fetched")
              .got(fault + "; " + e.fault().message())
              .where(name),
          e);
    }
    if (!store.hasBlob(file)) {
      throw new HubException(
          Fault.of("the source has another file now, and the original can't be made again")
              .got(fault)
              .expected("sha256:" + file.sha256())
              .where(name));
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw StoreException.of("a scratch file cannot be removed", file, e);
    }
  }
}
