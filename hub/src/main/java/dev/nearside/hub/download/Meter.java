package dev.nearside.hub.download;

import dev.nearside.hub.PullEvent;
import dev.nearside.hub.PullListener;

/** Adds up the progress of a model's files and tells the listener, one call at a time. */
public final class Meter {

  private static final long INTERVAL_NANOS = 100_000_000L;

  private final PullListener listener;
  private final long expectedTotal;
  private long doneBytes;
  private long totalBytes;
  private long lastNanos = Long.MIN_VALUE;

  /**
   * @param expectedTotal size of the whole model if the source said, else -1: the sum of the files
   *     begun so far stands in for it
   */
  public Meter(PullListener listener, long expectedTotal) {
    this.listener = listener;
    this.expectedTotal = expectedTotal;
  }

  /** Passes any event on, in turn. */
  public synchronized void tell(PullEvent event) {
    listener.onEvent(event);
  }

  /**
   * A file begins.
   *
   * @param already bytes of it that are here
   * @param size -1 when unknown
   */
  public synchronized Part begin(String file, long already, long size, int connections) {
    listener.onEvent(new PullEvent.Started(file, already, size, connections));
    return new Part(file, already, size);
  }

  /** A file that need not be downloaded counts as done. */
  void skip(String file, long size) {
    new Part(file, size, size);
  }

  /** One file's share of the sums. */
  public final class Part {
    private final String file;
    private final long size;
    private long done;

    private Part(String file, long already, long size) {
      this.file = file;
      this.size = Math.max(size, 0);
      synchronized (Meter.this) {
        totalBytes += this.size;
      }
      add(already);
    }

    /** {@code bytes} more are here. */
    public void add(long bytes) {
      synchronized (Meter.this) {
        done += bytes;
        doneBytes += bytes;
        send(done == size);
      }
    }

    /** So many bytes are here in all; for what can only be looked at from outside. */
    public void set(long bytes) {
      synchronized (Meter.this) {
        add(bytes - done);
      }
    }

    void restart() {
      set(0);
    }

    /** The file was given up; it leaves the sums. */
    public void drop() {
      synchronized (Meter.this) {
        doneBytes -= done;
        totalBytes -= size;
        done = 0;
      }
    }

    /** So much of the finished file was hashed. */
    public void hashed(long hashed, long of) {
      synchronized (Meter.this) {
        if (isDue(hashed == of)) {
          listener.onEvent(new PullEvent.Verifying(file, hashed, of));
        }
      }
    }
  }

  private void send(boolean now) {
    if (isDue(now)) {
      long total = Math.max(expectedTotal, totalBytes);
      listener.onEvent(new PullEvent.Progress(doneBytes, total > 0 ? total : -1));
    }
  }

  private boolean isDue(boolean now) {
    long nanos = System.nanoTime();
    if (!now && lastNanos != Long.MIN_VALUE && nanos - lastNanos < INTERVAL_NANOS) {
      return false;
    }
    lastNanos = nanos;
    return true;
  }
}
