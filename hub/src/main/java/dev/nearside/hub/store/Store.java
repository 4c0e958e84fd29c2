package dev.nearside.hub.store;

import dev.nearside.base.Fault;
import dev.nearside.hub.HubException;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Blobs and manifests in one folder. Safe between processes by {@link FileLocks}. */
public final class Store {

  /** Held while a pull registers, while garbage is collected, and by a copy; never for long. */
  static final String GATE = "gate";

  private static final long SPARE_BYTES = 64L << 20;

  private final Path home;
  private final FileLocks locks;
  private final Seals seals;
  private final Views views;
  private final Remainders remainders;

  public Store(Path home) {
    this.home = home;
    this.locks = new FileLocks(home.resolve("locks"));
    this.seals = new Seals(home.resolve("seals"));
    this.views = new Views(home.resolve("models"), this::blobPath);
    this.remainders = new Remainders(this::blobPath, seals);
  }

  public FileLocks locks() {
    return locks;
  }

  public Path blobPath(String sha256) {
    return home.resolve("blobs").resolve("sha256-" + sha256);
  }

  /** What is left of blobs that were dropped. */
  public Remainders remainders() {
    return remainders;
  }

  public Path partialFolder() {
    return home.resolve("partial");
  }

  /** A scratch folder for the pull of one model, on the same disk as the blobs. */
  public Path workFolder(String modelName) {
    return home.resolve("work").resolve(SafeNames.slug(modelName));
  }

  /** A file name on the blobs' disk that nobody uses; {@code prune} removes what is left of it. */
  public Path scratchFile() {
    Path folder = home.resolve("work");
    try {
      Files.createDirectories(folder);
      return Files.createTempFile(folder, "scratch-", ".tmp");
    } catch (IOException e) {
      throw StoreException.of("a scratch file cannot be made", folder, e);
    }
  }

  /** The lock a pull of this model holds from its first byte to its manifest. */
  public static String modelLock(String modelName) {
    return "pull-" + SafeNames.slug(modelName);
  }

  /** Takes the model's pull lock; waits while another process pulls or garbage is collected. */
  public FileLocks.Held lockModel(String modelName, Runnable onWait) throws InterruptedException {
    boolean told = false;
    while (true) {
      try (FileLocks.Held _ = locks.lock(GATE, () -> {})) {
        FileLocks.Held held = locks.tryLock(modelLock(modelName));
        if (held != null) {
          return held;
        }
      }
      if (!told) {
        onWait.run();
        told = true;
      }
      Thread.sleep(100);
    }
  }

  /** Whether a model can do with what there is: its blob, or what is left of that. */
  private boolean has(StoredFile file) throws InterruptedException {
    return remainders.has(file.sha256()) || hasBlob(file);
  }

  /** True when the blob is there, whole, and was verified or is verified now. */
  public boolean hasBlob(StoredFile file) throws InterruptedException {
    Path blob = blobPath(file.sha256());
    try {
      if (!Files.isRegularFile(blob) || Files.size(blob) != file.bytes()) {
        return false;
      }
      return isIntact(blob, file.sha256(), false);
    } catch (IOException e) {
      throw StoreException.of("a blob cannot be read", blob, e);
    }
  }

  /**
   * Checks a file against its digest; reads it only when it changed since the last time.
   *
   * @param again reads it in any case
   */
  public boolean isIntact(Path file, String sha256, boolean again)
      throws IOException, InterruptedException {
    if (!again && seals.holds(file, sha256)) {
      return true;
    }
    if (!Digests.sha256(file, done -> {}).equals(sha256)) {
      seals.remove(file);
      return false;
    }
    seals.set(file, sha256);
    return true;
  }

  /** Makes a verified file a blob, in one step. The file is gone from where it was. */
  public void publishBlob(Path verified, String sha256) {
    Path blob = blobPath(sha256);
    try {
      Durable.publish(verified, blob);
      if (blob.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        Files.setPosixFilePermissions(blob, PosixFilePermissions.fromString("r--r--r--"));
      }
      seals.set(blob, sha256);
    } catch (IOException e) {
      throw StoreException.of("a blob cannot be stored", blob, e);
    }
  }

  /**
   * @throws StoreException when fewer than {@code bytes} and a reserve are free on the store's disk
   */
  public void requireSpace(long bytes) {
    try {
      Files.createDirectories(home);
      FileStore disk = Files.getFileStore(home);
      long free = disk.getUsableSpace();
      if (free - SPARE_BYTES < bytes) {
        throw StoreException.diskFull(
            home, free / (1 << 20) + " MiB free, " + bytes / (1 << 20) + " MiB needed", null);
      }
    } catch (IOException e) {
      throw StoreException.of("the store cannot be made", home, e);
    }
  }

  /** Publishes a model: from here on it is listed. All its blobs must be there. */
  public void publish(Manifest manifest) throws InterruptedException {
    for (StoredFile file : manifest.blobs()) {
      if (!has(file)) {
        throw new StoreException(
            Fault.of("a model's blob is missing").got(file.sha256()).where(file.name()));
      }
    }
    Path path = manifestPath(manifest.name());
    try {
      Durable.write(path, manifest.toJson());
    } catch (IOException e) {
      throw StoreException.of("a manifest cannot be written", path, e);
    }
  }

  /**
   * Publishes a model under a second name. The gate is held, so that its blobs are not collected
   * between the look at them and the new manifest.
   *
   * @return false when there is no such model
   * @throws StoreException when it is damaged
   */
  public boolean copy(String from, String to) throws InterruptedException {
    try (FileLocks.Held _ = locks.lock(GATE, () -> {})) {
      Optional<Manifest> manifest = manifest(from);
      if (manifest.isPresent()) {
        publish(manifest.get().withName(to, Instant.now()));
      }
      return manifest.isPresent();
    }
  }

  /** Publishes a new model; the gate is held as for {@link #copy}. */
  public void create(Manifest manifest) throws InterruptedException {
    try (FileLocks.Held _ = locks.lock(GATE, () -> {})) {
      publish(manifest);
    }
  }

  /**
   * The manifest of a model.
   *
   * @throws StoreException when it is damaged
   */
  public Optional<Manifest> manifest(String modelName) {
    Path path = manifestPath(modelName);
    Optional<Manifest> manifest = read(path);
    manifest.ifPresent(found -> {
      if (!found.name().equals(modelName)) {
        throw Manifest.damaged(found.name(), modelName, path);
      }
    });
    return manifest;
  }

  /** All readable manifests, by name, and the damaged ones' errors. */
  public Listing listing() {
    List<Manifest> manifests = new ArrayList<>();
    List<HubException> damaged = new ArrayList<>();
    for (Path path : manifestPaths()) {
      try {
        read(path).ifPresent(manifests::add);
      } catch (HubException e) {
        damaged.add(e);
      }
    }
    manifests.sort(java.util.Comparator.comparing(Manifest::name));
    return new Listing(manifests, damaged);
  }

  /** What {@link #listing} found. */
  public record Listing(List<Manifest> manifests, List<HubException> damaged) {}

  /**
   * What a reader opens: the blob, the first part of a split file, or the folder.
   *
   * @throws StoreException when a blob is missing, cut or changed
   */
  public Path open(Manifest manifest) throws InterruptedException {
    for (StoredFile file : manifest.blobs()) {
      if (!has(file)) {
        throw new StoreException(
            Fault.of("a file of the model is missing or damaged")
                .got("blob sha256-" + file.sha256())
                .expected(file.bytes() + " bytes of that digest")
                .where(manifest.name() + ", " + file.name())
                .hint(
                    "Run: nearside rm "
                        + manifest.name()
                        + " && nearside pull "
                        + manifest.name()));
      }
    }
    if (!manifest.isSingleFile()) {
      views.make(manifest);
    }
    return pathOf(manifest);
  }

  /** What {@link #open} returns, unchecked: for listings. */
  public Path pathOf(Manifest manifest) {
    if (manifest.isSingleFile()) {
      String sha256 = manifest.files().getFirst().sha256();
      return remainders.has(sha256) ? remainders.pathOf(sha256) : blobPath(sha256);
    }
    Path folder = views.pathOf(manifest.name());
    return manifest.kind() == Manifest.Kind.SAFETENSORS
        ? folder
        : folder.resolve(manifest.files().getFirst().name());
  }

  /** Deletes a manifest, damaged or not; the blobs stay for {@link Garbage}. */
  boolean deleteManifest(String modelName) {
    Path path = manifestPath(modelName);
    try {
      views.remove(modelName);
      return Files.deleteIfExists(path);
    } catch (IOException e) {
      throw StoreException.of("a manifest cannot be removed", path, e);
    }
  }

  Path home() {
    return home;
  }

  Seals seals() {
    return seals;
  }

  private Path manifestPath(String modelName) {
    return home.resolve("manifests").resolve(SafeNames.slug(modelName) + ".json");
  }

  private List<Path> manifestPaths() {
    Path folder = home.resolve("manifests");
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(path -> path.toString().endsWith(".json")).sorted().toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw StoreException.of("the manifests cannot be listed", folder, e);
    }
  }

  private static Optional<Manifest> read(Path path) {
    try {
      long size = Files.size(path);
      if (size > Manifest.MAX_BYTES) {
        throw Manifest.damaged(size + " bytes", "at most " + Manifest.MAX_BYTES, path);
      }
      return Optional.of(Manifest.parse(Files.readAllBytes(path), path));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw StoreException.of("a manifest cannot be read", path, e);
    }
  }
}
