package dev.nearside.hub.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Locks between processes and threads, one file each. The operating system frees a lock when its
 * process dies, however it dies. Lock files are never deleted: a waiter may hold the old one open.
 */
public final class FileLocks {

  private static final long POLL_MILLIS = 100;

  /**
   * Locks that this process holds. Static, because the operating system's locks are the process's:
   * on Linux, closing any channel of a file frees its locks, whichever channel took them. So a file
   * that is held here must not even be opened again.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path folder;

  FileLocks(Path folder) {
    this.folder = folder;
  }

  /** A held lock. */
  public static final class Held implements AutoCloseable {
    private final Path file;
    private final FileChannel channel;

    private Held(Path file, FileChannel channel) {
      this.file = file;
      this.channel = channel;
    }

    /** Closing the channel frees the lock. */
    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException e) {
        throw StoreException.of("a lock file cannot be closed", file, e);
      } finally {
        HELD.remove(file);
      }
    }
  }

  /** Takes the lock if it is free. */
  public @Nullable Held tryLock(String name) {
    Path file = folder.resolve(name + ".lock").toAbsolutePath().normalize();
    if (!HELD.add(file)) {
      return null;
    }
    boolean isLocked = false;
    try {
      Files.createDirectories(folder);
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      isLocked = channel.tryLock() != null;
      if (isLocked) {
        return new Held(file, channel);
      }
      channel.close();
      return null;
    } catch (IOException e) {
      throw StoreException.of("a lock file cannot be locked", file, e);
    } finally {
      if (!isLocked) {
        HELD.remove(file);
      }
    }
  }

  /**
   * Waits for the lock.
   *
   * @param onWait called once if it is not free at once
   */
  public Held lock(String name, Runnable onWait) throws InterruptedException {
    Held held = tryLock(name);
    if (held != null) {
      return held;
    }
    onWait.run();
    while (true) {
      Thread.sleep(POLL_MILLIS);
      held = tryLock(name);
      if (held != null) {
        return held;
      }
    }
  }
}
