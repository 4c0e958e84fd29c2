package dev.nearside.model.load;

import dev.nearside.base.NearsideException;
import dev.nearside.format.FormatException;
import dev.nearside.format.TensorFile;
import dev.nearside.model.PackedFiles;
import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.Kernels;
import dev.nearside.tensor.kernel.PackedWeights;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Packed weights in a file, so that the next start maps them instead of packing again. A file is
 * used only if it was made from the same model file for the same layout and holds what was written:
 * each start checks header, table and length, and all the rest when no {@link PackedSeal} holds.
 */
public final class PackedCache implements AutoCloseable {
  static final String KIND = "nearside.packed";

  /** What stays free on the disk. */
  private static final long SPARE_BYTES = 2L << 30;

  private static final System.Logger LOG = System.getLogger(PackedCache.class.getName());

  private final @Nullable PackedPlace place;
  private final PieceFile.Head head;
  private final Map<String, PieceFile.Piece> pieces = new LinkedHashMap<>();
  private @Nullable PieceFile file;
  private boolean isOwner = true; // of the file
  private @Nullable Thread writing;
  private boolean isWhole = true;

  private PackedCache(@Nullable PackedPlace place, PieceFile.Head head) {
    this.place = place;
    this.head = head;
  }

  /**
   * The cache of one model for one layout; empty when the kernels pack nothing, or there is no
   * place.
   *
   * @param place where packed files lie, and what the model is; null = nowhere
   * @param model a model whose original was dropped brings its packed weights along
   */
  public static Optional<PackedCache> open(
      @Nullable PackedPlace place, Kernels kernels, TensorFile model) {
    Optional<String> layout = kernels.layout();
    if (layout.isEmpty()) {
      return Optional.empty();
    }
    if (model instanceof RemainderFile remainder
        && remainder.packed().head().layout().equals(layout.get())) {
      PackedCache cache = new PackedCache(null, remainder.packed().head());
      cache.file = remainder.packed();
      cache.isOwner = false;
      return Optional.of(cache);
    }
    if (place == null) {
      return Optional.empty();
    }
    PieceFile.Head head = new PieceFile.Head(KIND, place.source(), layout.get());
    PackedCache cache = new PackedCache(place, head);
    cache.map(place.file(layout.get()));
    return Optional.of(cache);
  }

  /** Whether a packed file may be used again: its model file is there, its layout of today. */
  public static boolean isOfUse(Path packed) {
    try (PieceFile file = PieceFile.open(packed)) {
      PieceFile.Head head = file.head();
      return head.kind().equals(KIND)
          && PackedPlace.exists(head.source())
          && head.layout().startsWith(PackedWeights.VERSION + "-");
    } catch (NearsideException e) {
      return false; // a broken packed file is as good as none
    }
  }

  /** What is wrong with the bytes of a packed file, all of which are read. */
  public static Optional<String> fault(Path packed) {
    try (PieceFile file = PieceFile.open(packed)) {
      Optional<String> broken = file.firstBroken();
      if (broken.isEmpty()) {
        new PackedSeal(packed, Clock.systemUTC()).set();
      }
      return broken.map(piece -> packed + ": " + piece + " is damaged");
    } catch (NearsideException e) {
      return Optional.of(e.fault().message());
    }
  }

  /** When a packed file was last used, or written. */
  public static Instant lastUse(Path packed) throws IOException {
    return PackedSeal.lastUse(packed);
  }

  /** Removes a packed file. */
  public static void delete(Path packed) throws IOException {
    Files.deleteIfExists(packed);
    Files.deleteIfExists(PackedSeal.of(packed));
  }

  /** Whether a file was kept beside a packed one that is gone. */
  public static boolean isSealOfNothing(Path file) {
    String name = String.valueOf(file.getFileName());
    String end = PackedPlace.SUFFIX + PackedSeal.SUFFIX;
    return name.endsWith(end)
        && !Files.exists(
            file.resolveSibling(name.substring(0, name.length() - PackedSeal.SUFFIX.length())));
  }

  private void map(Path path) {
    if (!Files.isRegularFile(path)) {
      return;
    }
    PieceFile found;
    try {
      found = PieceFile.open(path);
    } catch (FormatException e) {
      // As good as none: it is written anew after this load.
      LOG.log(System.Logger.Level.DEBUG, "packed weights are made anew", e);
      return;
    }
    if (!found.head().equals(head)) {
      found.close();
      return;
    }
    Optional<String> broken = check(found, Clock.systemUTC());
    if (broken.isEmpty()) {
      file = found;
      return;
    }
    LOG.log(
        System.Logger.Level.WARNING,
        "packed weights are damaged and made anew: " + broken.get() + " in " + path);
    found.close();
    try {
      delete(path);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "packed weights can't be removed", e);
    }
  }

  /** Reads all pieces unless a seal holds; the name of a broken one. */
  static Optional<String> check(PieceFile file, Clock clock) {
    PackedSeal seal = new PackedSeal(file.path(), clock);
    if (!seal.holds()) {
      Optional<String> broken = file.firstBroken();
      if (broken.isPresent()) {
        return broken;
      }
      seal.set();
    }
    seal.use();
    return Optional.empty();
  }

  /** Takes the packed copy out of the file if it is there and fits, else makes it. */
  PackedWeights get(
      String name,
      TensorType type,
      int rows,
      int cols,
      Kernels kernels,
      Arena arena,
      Supplier<PackedWeights> make) {
    Optional<PackedWeights> found =
        file == null
            ? Optional.empty()
            : file.find(name).flatMap(memory -> kernels.adopt(type, rows, cols, memory, arena));
    PackedWeights weights = found.orElseGet(make);
    weights
        .memory()
        .ifPresent(memory -> {
          pieces.put(name, new PieceFile.Piece(new PieceShape(type, rows, cols).note(), memory));
          isWhole &= found.isPresent();
        });
    return weights;
  }

  /**
   * Begins to write the packed copies, if one was missing in the file, they are not too large, and
   * the disk has room. The model works without; {@link #finish} comes before the weights go.
   */
  public void keep() {
    if (!isWhole && place != null) {
      writing =
          Thread.ofPlatform()
              .daemon()
              .name("nearside-pack")
              .start(() -> {
                try {
                  write(place);
                } catch (NearsideException | IOException e) {
                  LOG.log(System.Logger.Level.DEBUG, "packed weights are not kept", e);
                }
              });
    }
  }

  /** Waits until what {@link #keep} began is written. */
  public void finish() {
    boolean wasInterrupted = false;
    while (writing != null) {
      try {
        writing.join();
        writing = null;
      } catch (InterruptedException e) {
        wasInterrupted = true;
      }
    }
    if (wasInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(PackedPlace place) throws IOException {
    long bytes = pieces.values().stream().mapToLong(piece -> piece.data().byteSize()).sum();
    if (bytes > place.folder().maxBytes()) {
      LOG.log(System.Logger.Level.DEBUG, "packed weights are not kept: larger than the limit");
      return;
    }
    Path folder = place.folder().path();
    Files.createDirectories(folder);
    Path path = place.file(head.layout());
    PackedFiles.makeRoom(place.folder(), bytes, path);
    if (Files.getFileStore(folder).getUsableSpace() < bytes + SPARE_BYTES) {
      LOG.log(System.Logger.Level.DEBUG, "packed weights are not kept: the disk is nearly full");
      return;
    }
    PieceFile.write(path, head, pieces);
  }

  /** Unmaps the file; weights taken from it are gone. */
  @Override
  public void close() {
    finish();
    if (isOwner && file != null) {
      Objects.requireNonNull(file).close();
    }
  }
}
