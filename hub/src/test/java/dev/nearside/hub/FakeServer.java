package dev.nearside.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.nearside.hub.store.Digests;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A model hub on loopback whose files can be slow, cut, forbidden, moved or wrong. */
public final class FakeServer implements AutoCloseable {

  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");

  /** One request as it came. */
  public record Seen(String path, Map<String, List<String>> headers) {
    @Nullable String header(String name) {
      List<String> values = headers.get(name);
      return values == null ? null : values.getFirst();
    }
  }

  /** How one path behaves; change fields while the server runs. */
  public static final class Item {
    volatile byte[] content;
    volatile boolean hasRanges = true;
    volatile @Nullable String etag;
    volatile Map<String, String> headers = Map.of();
    volatile @Nullable String redirect;

    /** Bodies are cut after so many bytes, for the next {@link #cuts} answers. */
    volatile int cutAfter;

    final AtomicInteger cuts = new AtomicInteger();

    /** Answers with this status for the next {@link #refusals} requests. */
    volatile int refusal;

    final AtomicInteger refusals = new AtomicInteger();

    /** Sends everything from the range's first byte on. */
    volatile boolean ignoresRangeEnd;

    /** Pause after each 64 KiB. */
    volatile int pauseMillis;

    /** Stops sending here for good; -1 never. */
    volatile long stallAt = -1;

    final AtomicLong sent = new AtomicLong();
    final AtomicInteger active = new AtomicInteger();
    final AtomicInteger mostActive = new AtomicInteger();

    Item(byte[] content) {
      this.content = content;
    }
  }

  private final HttpServer server;
  private final Map<String, Item> items = new ConcurrentHashMap<>();
  final List<Seen> seen = new CopyOnWriteArrayList<>();

  public FakeServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
  }

  public URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** The same server under another host name: another origin. */
  URI otherAddress() {
    return URI.create("http://localhost:" + server.getAddress().getPort());
  }

  public Item put(String path, byte[] content) {
    Item item = new Item(content);
    items.put(path, item);
    return item;
  }

  public Item put(String path, String content) {
    return put(path, content.getBytes(StandardCharsets.UTF_8));
  }

  /** A Hugging Face repository: listing and files. */
  void repo(String repo, Map<String, byte[]> files) {
    StringBuilder siblings = new StringBuilder();
    files.forEach((name, content) -> {
      Item item = put("/" + repo + "/resolve/main/" + name, content);
      String sha256 = Digests.hex(Digests.sha256(content));
      item.etag = sha256;
      item.headers = Map.of("X-Linked-Etag", "\"" + sha256 + "\"");
      siblings
          .append(siblings.isEmpty() ? "" : ",")
          .append("{\"rfilename\":\"%s\",\"size\":%d,".formatted(name, content.length))
          .append("\"lfs\":{\"sha256\":\"%s\",\"size\":%d}}".formatted(sha256, content.length));
    });
    put("/api/models/" + repo, "{\"id\":\"" + repo + "\",\"siblings\":[" + siblings + "]}");
  }

  Item item(String path) {
    return java.util.Objects.requireNonNull(items.get(path), path);
  }

  long requests(String path) {
    return seen.stream().filter(request -> request.path().equals(path)).count();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      seen.add(new Seen(path, Map.copyOf(exchange.getRequestHeaders())));
      Item item = items.get(path);
      if (item == null) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      item.headers.forEach(exchange.getResponseHeaders()::set);
      if (item.refusals.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
        exchange.sendResponseHeaders(item.refusal, -1);
      } else if (item.redirect != null) {
        exchange.getResponseHeaders().set("Location", item.redirect);
        exchange.sendResponseHeaders(302, -1);
      } else {
        item.mostActive.accumulateAndGet(item.active.incrementAndGet(), Math::max);
        try {
          send(exchange, item);
        } finally {
          item.active.decrementAndGet();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void send(HttpExchange exchange, Item item) throws IOException, InterruptedException {
    byte[] content = item.content;
    if (item.etag != null) {
      exchange.getResponseHeaders().set("ETag", "\"" + item.etag + "\"");
    }
    int first = 0;
    int end = content.length;
    int status = 200;
    String asked = exchange.getRequestHeaders().getFirst("Range");
    Matcher range = RANGE.matcher(asked == null ? "" : asked);
    if (item.hasRanges && range.matches()) {
      first = Integer.parseInt(range.group(1));
      if (first >= content.length) {
        exchange.getResponseHeaders().set("Content-Range", "bytes */" + content.length);
        exchange.sendResponseHeaders(416, -1);
        return;
      }
      String last = range.group(2);
      end =
          last.isEmpty() || item.ignoresRangeEnd ? end : Math.min(end, Integer.parseInt(last) + 1);
      status = 206;
      exchange
          .getResponseHeaders()
          .set("Content-Range", "bytes " + first + "-" + (end - 1) + "/" + content.length);
    }
    boolean isProbe = end - first == 1;
    boolean isCut = !isProbe && item.cuts.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
    exchange.sendResponseHeaders(status, end - first == 0 ? -1 : end - first);
    write(exchange.getResponseBody(), item, content, first, end, isCut);
  }

  private static void write(
      OutputStream out, Item item, byte[] content, int first, int end, boolean isCut)
      throws IOException, InterruptedException {
    // Headers go out even when no byte of the body will.
    out.flush();
    int stop = isCut ? Math.min(end, first + item.cutAfter) : end;
    for (int at = first; at < stop; ) {
      if (item.stallAt >= 0 && at >= item.stallAt) {
        Thread.sleep(60_000);
      }
      int count = Math.min(64 << 10, stop - at);
      out.write(content, at, count);
      out.flush();
      at += count;
      item.sent.addAndGet(count);
      if (item.pauseMillis > 0) {
        Thread.sleep(item.pauseMillis);
      }
    }
    // Leaving without the announced bytes closes the connection: what a cut looks like.
  }
}
