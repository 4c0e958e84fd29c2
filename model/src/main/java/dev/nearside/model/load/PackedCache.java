package dev.nearside.model.load;

import dev.nearside.base.NearsideException;
import dev.nearside.format.MetaValue;
import dev.nearside.format.TensorSource;
import dev.nearside.format.gguf.GgufFile;
import dev.nearside.format.gguf.GgufWriter;
import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.Kernels;
import dev.nearside.tensor.kernel.PackedWeights;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Packed weights in a file, so that the next start maps them instead of packing again. The file is
 * itself a GGUF file of byte tensors; it is used only if it was made from the same model file and
 * for the same layout.
 */
public final class PackedCache implements AutoCloseable {
  private static final String SOURCE = "nearside.packed.source";
  private static final String LAYOUT = "nearside.packed.layout";
  private static final String KIND = "nearside.packed";

  private static final int ALIGNMENT = 64;

  /** What stays free on the disk. */
  private static final long SPARE_BYTES = 2L << 30;

  private static final System.Logger LOG = System.getLogger(PackedCache.class.getName());

  private final Path path;
  private final String source;
  private final String layout;
  private final Map<String, MemorySegment> pieces = new LinkedHashMap<>();
  private @Nullable GgufFile file;
  private @Nullable Thread writing;
  private boolean isWhole = true;

  private PackedCache(Path path, String source, String layout) {
    this.path = path;
    this.source = source;
    this.layout = layout;
  }

  /**
   * The cache of one model for one layout; empty when the kernels pack nothing.
   *
   * @param place where packed files lie, and what the model is
   */
  public static Optional<PackedCache> open(PackedPlace place, Kernels kernels) {
    return kernels
        .layout()
        .map(layout -> {
          PackedCache cache = new PackedCache(place.file(layout), place.source(), layout);
          cache.map();
          return cache;
        });
  }

  /** Whether a packed file may be used again: its model file is there, its layout of today. */
  public static boolean isOfUse(Path packed) {
    try (GgufFile file = GgufFile.open(packed)) {
      return file.metadata().findString(SOURCE).filter(PackedPlace::exists).isPresent()
          && file.metadata().findString(LAYOUT).orElse("").startsWith(PackedWeights.VERSION);
    } catch (NearsideException e) {
      return false; // a broken packed file is as good as none
    }
  }

  private void map() {
    if (!Files.isRegularFile(path)) {
      return;
    }
    try {
      GgufFile found = GgufFile.open(path);
      boolean isGood =
          found.metadata().findString(SOURCE).equals(Optional.of(source))
              && found.metadata().findString(LAYOUT).equals(Optional.of(layout));
      if (isGood) {
        file = found;
      } else {
        found.close();
      }
    } catch (NearsideException e) {
      // A broken cache file is as good as none: it is written anew after this load.
      file = null;
    }
  }

  /** The packed copy under this name, if it is there. */
  Optional<MemorySegment> find(String name) {
    if (file == null) {
      return Optional.empty();
    }
    Optional<MemorySegment> found =
        file.find(name).map(info -> Objects.requireNonNull(file).data(info));
    found.ifPresent(memory -> pieces.put(name, memory));
    return found;
  }

  /** Notes a packed copy that was made because {@link #find} had none that fits. */
  PackedWeights add(String name, PackedWeights weights) {
    weights
        .memory()
        .ifPresent(memory -> {
          pieces.put(name, memory);
          isWhole = false;
        });
    return weights;
  }

  /**
   * Begins to write the packed copies, if one was missing in the file, they are not too large, and
   * the disk has room. The model works without; {@link #finish} comes before the weights go.
   *
   * @param maxBytes size of the file at most
   */
  public void keep(long maxBytes) {
    long bytes = pieces.values().stream().mapToLong(MemorySegment::byteSize).sum();
    if (!isWhole && bytes <= maxBytes) {
      writing =
          Thread.ofPlatform()
              .daemon()
              .name("nearside-pack")
              .start(() -> {
                try {
                  write(bytes);
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

  private void write(long bytes) throws IOException {
    Path folder = Objects.requireNonNull(path.toAbsolutePath().getParent());
    Files.createDirectories(folder);
    if (Files.getFileStore(folder).getUsableSpace() < bytes + SPARE_BYTES) {
      LOG.log(System.Logger.Level.DEBUG, "packed weights are not kept: the disk is nearly full");
      return;
    }
    GgufWriter writer = new GgufWriter().alignment(ALIGNMENT);
    writer.put("general.architecture", MetaValue.of(KIND));
    writer.put(SOURCE, MetaValue.of(source));
    writer.put(LAYOUT, MetaValue.of(layout));
    pieces.forEach((name, memory) ->
        writer.tensor(
            name, TensorType.I8, new long[] {memory.byteSize()}, TensorSource.of(memory)));
    writer.write(path);
  }

  /** Unmaps the file; weights taken from it are gone. */
  @Override
  public void close() {
    finish();
    if (file != null) {
      file.close();
    }
  }
}
