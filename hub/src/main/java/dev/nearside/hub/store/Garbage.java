package dev.nearside.hub.store;

import dev.nearside.base.Fault;
import dev.nearside.hub.PruneReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Removes models and what no model needs.
 *
 * <p>A pull's blobs are there before its manifest, so nothing is collected while a pull runs: the
 * gate is held (no pull can begin) and every pull lock is tried.
 */
public final class Garbage {

  private final Store store;

  public Garbage(Store store) {
    this.store = store;
  }

  /**
   * Removes a model and its blobs that no other model uses.
   *
   * @return false when there was none
   */
  public boolean remove(String modelName) throws InterruptedException {
    try (FileLocks.Held _ = store.locks().lock(Store.GATE, () -> {})) {
      List<String> pulling = pulling();
      if (pulling.contains(Store.modelLock(modelName))) {
        throw new StoreException(
            Fault.of("the model is being pulled").got(modelName).hint("Stop that pull first"));
      }
      Set<String> orphans = used();
      if (!store.deleteManifest(modelName)) {
        return false;
      }
      orphans.removeAll(used());
      if (store.listing().damaged().isEmpty() && pulling.isEmpty()) {
        for (String sha256 : orphans) {
          delete(store.blobPath(sha256));
          store.remainders().remove(sha256);
        }
      }
      return true;
    }
  }

  /** Removes partial downloads, scratch folders, stale views and unused blobs. */
  public PruneReport prune() throws InterruptedException {
    try (FileLocks.Held _ = store.locks().lock(Store.GATE, () -> {})) {
      List<String> kept = new ArrayList<>();
      pulling().forEach(lock -> kept.add("a pull is running: " + lock));
      if (!kept.isEmpty()) {
        return new PruneReport(0, List.of(), kept);
      }
      Sweep sweep = new Sweep();
      Path home = store.home();
      for (String folder : List.of("partial", "work")) {
        for (Path path : children(home.resolve(folder))) {
          sweep.delete(path);
        }
      }
      Store.Listing listing = store.listing();
      listing.damaged().forEach(damage -> kept.add("unused blobs: " + damage.getMessage()));
      if (kept.isEmpty()) {
        sweepUnused(sweep, listing);
      }
      return new PruneReport(sweep.bytes, sweep.names, kept);
    }
  }

  private void sweepUnused(Sweep sweep, Store.Listing listing) {
    Set<String> blobs = new HashSet<>();
    Set<String> views = new HashSet<>();
    for (Manifest manifest : listing.manifests()) {
      manifest.blobs().forEach(file -> blobs.add(store.blobPath(file.sha256()).toString()));
      views.add(SafeNames.slug(manifest.name()));
    }
    for (Path blob : children(store.home().resolve("blobs"))) {
      if (!blobs.contains(blob.toString()) && !isLeft(blob, blobs)) {
        sweep.delete(blob);
      }
    }
    for (Path view : children(store.home().resolve("models"))) {
      if (!views.contains(view.getFileName().toString())) {
        sweep.delete(view);
      }
    }
    for (Path manifest : children(store.home().resolve("manifests"))) {
      if (manifest.toString().endsWith(".tmp")) {
        sweep.delete(manifest);
      }
    }
  }

  /** Whether a file is left of a dropped blob that a model uses. */
  private boolean isLeft(Path file, Set<String> blobs) {
    String name = file.getFileName().toString();
    int dot = name.indexOf('.');
    if (dot < 0) {
      return false;
    }
    Path blob = file.resolveSibling(name.substring(0, dot));
    return blobs.contains(blob.toString()) && !Files.exists(blob);
  }

  /** The lock of each pull that runs in any process. The gate must be held. */
  private List<String> pulling() {
    List<String> busy = new ArrayList<>();
    for (Path path : children(store.home().resolve("locks"))) {
      String name = path.getFileName().toString();
      if (name.startsWith("pull-") && name.endsWith(".lock")) {
        String lock = name.substring(0, name.length() - ".lock".length());
        try (FileLocks.Held held = store.locks().tryLock(lock)) {
          if (held == null) {
            busy.add(lock);
          }
        }
      }
    }
    return busy;
  }

  private Set<String> used() {
    Set<String> used = new HashSet<>();
    for (Manifest manifest : store.listing().manifests()) {
      manifest.blobs().forEach(file -> used.add(file.sha256()));
    }
    return used;
  }

  private void delete(Path blob) {
    try {
      Files.deleteIfExists(blob);
      store.seals().remove(blob);
    } catch (IOException e) {
      throw StoreException.of("a blob cannot be removed (is the model in use?)", blob, e);
    }
  }

  private static List<Path> children(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw StoreException.of("a folder of the store cannot be listed", folder, e);
    }
  }

  /** Counts what it deletes. */
  private final class Sweep {
    private final List<String> names = new ArrayList<>();
    private long bytes;

    void delete(Path path) {
      try {
        bytes += Durable.treeBytes(path);
        Durable.deleteTree(path);
        store.seals().remove(path);
        names.add(store.home().relativize(path).toString());
      } catch (IOException e) {
        throw StoreException.of("cannot be removed (is the model in use?)", path, e);
      }
    }
  }
}
