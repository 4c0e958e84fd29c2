package dev.nearside.serve.keys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a running server: a change of the file counts from the next request on. A file that
 * became unreadable lets nobody in that it did not before, and nobody out; one that lost its last
 * key lets nobody in at all.
 */
public final class KeyRing {
  private static final System.Logger LOG = System.getLogger(KeyRing.class.getName());

  /** What tells one version of the file from the next. */
  private record Stamp(Object time, long bytes, @Nullable Object fileKey) {}

  private record Read(@Nullable Stamp stamp, Map<String, ApiKey> keys) {}

  private final KeyFile file;
  private volatile Read last;
  private volatile boolean hadKeys;

  /**
   * @throws KeyException when the file can't be read
   */
  public KeyRing(KeyFile file) {
    this.file = file;
    this.last = new Read(stamp(), byId());
    this.hadKeys = !last.keys.isEmpty();
  }

  /** Where the use of these keys is kept. */
  public UsageFile usage() {
    return new UsageFile(file.path().resolveSibling("usage.json"));
  }

  /** Whether there is no key. */
  public boolean isEmpty() {
    return current().isEmpty();
  }

  /**
   * Whether a key must be shown: there is one, or there was one since the start. Who removes the
   * last key wants to shut somebody out, not to let everybody in.
   */
  public boolean isAsked() {
    return !current().isEmpty() || hadKeys;
  }

  /** The entry of a key. */
  public Optional<ApiKey> find(String text) {
    ApiKey entry = current().get(KeySecret.idOf(text));
    return entry != null && KeySecret.matches(entry, text) ? Optional.of(entry) : Optional.empty();
  }

  private Map<String, ApiKey> current() {
    Read read = last;
    Stamp now = stamp();
    boolean isSame = now == null ? read.stamp == null : now.equals(read.stamp);
    if (isSame) {
      return read.keys;
    }
    Map<String, ApiKey> keys = read.keys;
    try {
      keys = byId();
    } catch (KeyException e) {
      LOG.log(System.Logger.Level.WARNING, "the keys stay as they were: " + e.getMessage());
    }
    last = new Read(now, keys);
    if (!keys.isEmpty()) {
      hadKeys = true;
    }
    return keys;
  }

  private Map<String, ApiKey> byId() {
    return file.list().stream()
        .collect(Collectors.toUnmodifiableMap(ApiKey::id, Function.identity(), (a, b) -> a));
  }

  private @Nullable Stamp stamp() {
    try {
      BasicFileAttributes a = Files.readAttributes(file.path(), BasicFileAttributes.class);
      return new Stamp(a.lastModifiedTime(), a.size(), a.fileKey());
    } catch (IOException e) {
      return null; // no file
    }
  }
}
