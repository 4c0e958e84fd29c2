package dev.nearside.hub.download;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Cuts bodies that send nothing for too long: a blocked read has no timeout of its own, but closing
 * its stream from another thread ends it.
 */
final class StallGuard implements AutoCloseable {

  private final Map<Watched, Boolean> watched = new ConcurrentHashMap<>();
  private final Thread thread;
  private final long limitNanos;

  StallGuard(Duration limit) {
    this.limitNanos = limit.toNanos();
    this.thread = Thread.ofVirtual().name("hub-stall-guard").start(this::watch);
  }

  /** A body under watch; reading through it counts as life. */
  final class Watched implements AutoCloseable {
    private final InputStream body;
    private volatile long lastNanos = System.nanoTime();
    private volatile boolean isCut;

    private Watched(InputStream body) {
      this.body = body;
    }

    /**
     * @throws IOException also when the guard cut the body
     */
    int read(byte[] buffer) throws IOException {
      int count;
      try {
        count = body.read(buffer);
      } catch (IOException e) {
        throw isCut ? stalled(e) : e;
      }
      if (isCut) {
        throw stalled(null);
      }
      lastNanos = System.nanoTime();
      return count;
    }

    private IOException stalled(@org.jspecify.annotations.Nullable IOException cause) {
      return new IOException(
          "no data for " + Duration.ofNanos(limitNanos).toMillis() / 1000.0 + " s", cause);
    }

    @Override
    public void close() {
      watched.remove(this);
    }
  }

  Watched watch(InputStream body) {
    Watched entry = new Watched(body);
    watched.put(entry, true);
    return entry;
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void watch() {
    try {
      while (true) {
        Thread.sleep(Duration.ofNanos(Math.clamp(limitNanos / 4, 10_000_000L, 1_000_000_000L)));
        long now = System.nanoTime();
        for (Watched entry : List.copyOf(watched.keySet())) {
          if (now - entry.lastNanos > limitNanos) {
            entry.isCut = true;
            watched.remove(entry);
            entry.body.close();
          }
        }
      }
    } catch (InterruptedException e) {
      // close() was called: the download is over.
      return;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
