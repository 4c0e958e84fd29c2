package dev.nearside.hub.download;

import dev.nearside.base.Fault;
import dev.nearside.hub.net.Answer;
import dev.nearside.hub.net.HubHttp;
import dev.nearside.hub.net.SourceException;
import dev.nearside.hub.net.Statuses;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** Fills the holes of a partial file over several connections. */
final class RangeDownload {

  private static final long MIN_RANGE_BYTES = 2L << 20;
  private static final long MAX_RANGE_BYTES = 32L << 20;
  private static final int BUFFER_BYTES = 128 << 10;

  private final HubHttp http;
  private final RemoteFile file;
  private final Probe probe;
  private final PartialFile partial;
  private final Deque<PartialFile.Range> todo;
  private final AtomicLong loaded = new AtomicLong();
  private volatile URI address;

  RangeDownload(HubHttp http, RemoteFile file, Probe probe, PartialFile partial) {
    this.http = http;
    this.file = file;
    this.probe = probe;
    this.partial = partial;
    this.address = probe.uri();
    long missing = probe.size() - partial.doneBytes();
    // Several ranges per connection, so that the last ones end at about the same time.
    long perRange = missing / (4L * http.network().connections());
    this.todo =
        new ConcurrentLinkedDeque<>(
            partial.missing(Math.clamp(perRange, MIN_RANGE_BYTES, MAX_RANGE_BYTES)));
  }

  /** How many connections {@link #run} will use. */
  int connections() {
    return Math.min(http.network().connections(), todo.size());
  }

  /**
   * @throws SourceException when a range cannot be had
   * @throws ChangedException when the file changed on the server
   */
  void run(Meter.Part meter) throws InterruptedException {
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    try (StallGuard guard = new StallGuard(http.network().timeouts().stall())) {
      ExecutorCompletionService<Void> workers = new ExecutorCompletionService<>(threads);
      int count = connections();
      for (int i = 0; i < count; i++) {
        workers.submit(() -> work(guard, meter));
      }
      for (int i = 0; i < count; i++) {
        workers.take().get();
      }
    } catch (ExecutionException e) {
      throw unwrapped(e);
    } finally {
      // On failure and on interruption the other connections stop before the file is closed.
      threads.shutdownNow();
      threads.close();
    }
  }

  private static RuntimeException unwrapped(ExecutionException e) throws InterruptedException {
    return switch (e.getCause()) {
      case RuntimeException cause -> cause;
      case Error cause -> throw cause;
      case InterruptedException cause -> throw cause;
      case null, default -> new IllegalStateException(e);
    };
  }

  private Void work(StallGuard guard, Meter.Part meter) throws InterruptedException {
    Patience patience = new Patience(http.network().timeouts());
    byte[] buffer = new byte[BUFFER_BYTES];
    long seen = 0;
    for (PartialFile.Range range = todo.poll(); range != null; range = todo.poll()) {
      Cursor cursor = new Cursor(range);
      while (cursor.at < range.end()) {
        try {
          fetch(cursor, buffer, guard, meter);
        } catch (SourceException e) {
          if (Thread.interrupted()) {
            throw new InterruptedException("the download was interrupted");
          }
          // A server may serve its connections one by one: while any gets data, all wait on.
          long now = loaded.get();
          if (now != seen) {
            patience.progressed();
            seen = now;
          }
          patience.after(e, true);
        }
      }
      patience.progressed();
    }
    return null;
  }

  /** Where one connection stands in its range. */
  private static final class Cursor {
    private final PartialFile.Range range;
    private long at;

    Cursor(PartialFile.Range range) {
      this.range = range;
      this.at = range.first();
    }
  }

  private void fetch(Cursor cursor, byte[] buffer, StallGuard guard, Meter.Part meter)
      throws InterruptedException {
    long end = cursor.range.end();
    long asked = end - cursor.at;
    try (Answer answer = open(cursor.at, end);
        StallGuard.Watched body = guard.watch(answer.body())) {
      while (cursor.at < end) {
        int count = body.read(buffer);
        if (count < 0) {
          throw new IOException("the connection was cut");
        }
        int useful = (int) Math.min(count, end - cursor.at);
        partial.write(ByteBuffer.wrap(buffer, 0, useful), cursor.at);
        cursor.at += useful;
        partial.completed(cursor.range, cursor.at);
        loaded.addAndGet(useful);
        meter.add(useful);
      }
      if (answer.length() == asked) {
        // Reading to the end lets the next range use the same connection.
        body.read(buffer);
      }
    } catch (IOException e) {
      throw SourceException.passing(
          Fault.of("the download broke off").got(String.valueOf(e.getMessage())).where(file.name()),
          e);
    }
  }

  /** Asks for a range: at the address after redirects, and if that has expired, from the start. */
  private Answer open(long first, long end) throws InterruptedException {
    Answer answer = http.insist(address, Probe.withRange(headersFor(address), first, end - 1));
    if (answer.status() >= 400 && answer.status() < 500 && !address.equals(file.uri())) {
      answer.close();
      answer = http.insist(file.uri(), Probe.withRange(file.headers(), first, end - 1));
      address = answer.uri();
    }
    try {
      check(answer, first);
      return answer;
    } catch (RuntimeException e) {
      answer.close();
      throw e;
    }
  }

  /** Headers may hold a token: only the origin it was meant for gets it. */
  private java.util.Map<String, String> headersFor(URI uri) {
    boolean isOwn =
        uri.getScheme().equals(file.uri().getScheme())
            && uri.getRawAuthority().equals(file.uri().getRawAuthority());
    return isOwn ? file.headers() : java.util.Map.of();
  }

  private void check(Answer answer, long first) {
    Answer.ContentRange range = answer.range();
    if (answer.status() == 200 || answer.status() == 416) {
      throw new ChangedException("the server answered a range with HTTP " + answer.status());
    }
    if (answer.status() != 206) {
      throw Statuses.failure(answer, "cannot download " + file.name(), file.gateHint());
    }
    if (range == null || range.first() != first) {
      throw SourceException.permanent(
          Fault.of("the server sent another range")
              .got(String.valueOf(range))
              .expected("bytes from " + first)
              .where(file.name()));
    }
    List<String> differences = new ArrayList<>();
    if (range.total() != probe.size()) {
      differences.add("size " + range.total());
    }
    // With a known digest the final check decides; mirrors may disagree about entity tags.
    boolean matters = probe.sha256() == null && probe.etag() != null;
    if (matters && answer.etag() != null && !answer.etag().equals(probe.etag())) {
      differences.add("ETag " + answer.etag());
    }
    if (!differences.isEmpty()) {
      throw new ChangedException("the file changed on the server: " + differences);
    }
  }
}
