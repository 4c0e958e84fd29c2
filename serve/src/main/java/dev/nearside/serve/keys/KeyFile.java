package dev.nearside.serve.keys;

import dev.nearside.base.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The file with the keys' hashes. A server that reads it sees the old one or the new one; only its
 * owner may read it. Several processes may change it.
 */
public final class KeyFile {
  private static final int MAX_BYTES = 4 << 20;

  private final Path path;
  private final SharedFile file;

  public KeyFile(Path path) {
    this.path = path;
    this.file = new SharedFile(path);
  }

  public Path path() {
    return path;
  }

  /**
   * The keys, in the order in which they were made; none when there is no file.
   *
   * @throws KeyException when the file is damaged or can't be read
   */
  public List<ApiKey> list() {
    try {
      if (Files.size(path) > MAX_BYTES) {
        throw new KeyException(
            Fault.of("the file of keys is too long").expected("at most " + MAX_BYTES).where(path),
            null);
      }
      return KeyJson.parse(Files.readAllBytes(path), path);
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw failed("the file of keys can't be read", e);
    }
  }

  /**
   * Adds a key.
   *
   * @throws KeyException when its name is taken
   */
  public void add(ApiKey key) {
    change(keys -> {
      if (keys.stream().anyMatch(k -> k.name().equals(key.name()))) {
        throw new KeyException(Fault.of("there is a key of this name").got(key.name()), null);
      }
      List<ApiKey> all = new ArrayList<>(keys);
      all.add(key);
      return all;
    });
  }

  /**
   * Removes a key, by name or id.
   *
   * @throws KeyException when there is none
   */
  public void remove(String nameOrId) {
    change(keys -> {
      List<ApiKey> kept =
          keys.stream()
              .filter(k -> !k.name().equals(nameOrId) && !k.id().equals(nameOrId))
              .toList();
      if (kept.size() == keys.size()) {
        throw new KeyException(Fault.of("there is no such key").got(nameOrId), null);
      }
      return kept;
    });
  }

  private void change(UnaryOperator<List<ApiKey>> change) {
    try {
      file.locked(() -> {
        file.write(KeyJson.format(change.apply(list())));
        return true;
      });
    } catch (IOException e) {
      throw failed("the file of keys can't be written", e);
    }
  }

  private KeyException failed(String what, IOException e) {
    return new KeyException(Fault.of(what).got(String.valueOf(e)).where(path), e);
  }
}
