package dev.nearside.hub.net;

import dev.nearside.base.Fault;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Looks a host's name up under a deadline and remembers hosts that could not be reached.
 *
 * <p>The operating system's resolver may block for half a minute and cannot be interrupted; a model
 * with three sources on a dead network must still reach its fourth within seconds.
 */
final class HostCheck {

  private static final Duration MEMORY = Duration.ofSeconds(60);

  private record Dead(long sinceNanos, String reason) {}

  private final Duration timeout;
  private final Map<String, Dead> dead = new ConcurrentHashMap<>();
  private final Map<String, Long> alive = new ConcurrentHashMap<>();

  HostCheck(Duration timeout) {
    this.timeout = timeout;
  }

  /**
   * @param insist asks again even if the host was unreachable a moment ago
   * @throws SourceException when the host is known to be unreachable or has no address
   */
  void require(String host, boolean insist) throws InterruptedException {
    long now = System.nanoTime();
    Dead known = dead.get(host);
    if (!insist && known != null && now - known.sinceNanos < MEMORY.toNanos()) {
      throw unreachable(host, known.reason);
    }
    Long seen = alive.get(host);
    if (known == null && seen != null && now - seen < MEMORY.toNanos()) {
      return;
    }
    CompletableFuture<InetAddress> found = new CompletableFuture<>();
    Thread.ofPlatform().daemon().name("hub-lookup-" + host).start(() -> lookUp(host, found));
    try {
      found.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      dead.remove(host);
      alive.put(host, now);
    } catch (ExecutionException e) {
      throw markDead(host, "its name has no address");
    } catch (TimeoutException e) {
      throw markDead(host, "its name could not be looked up in " + timeout.toSeconds() + " s");
    }
  }

  /** Remembers that {@code host} cannot be reached, for a minute. */
  SourceException markDead(String host, String reason) {
    alive.remove(host);
    dead.put(host, new Dead(System.nanoTime(), reason));
    return unreachable(host, reason);
  }

  private static void lookUp(String host, CompletableFuture<InetAddress> found) {
    try {
      found.complete(InetAddress.getByName(host));
    } catch (UnknownHostException e) {
      found.completeExceptionally(e);
    }
  }

  private static SourceException unreachable(String host, String reason) {
    return SourceException.unreachable(Fault.of("cannot reach " + host + ": " + reason));
  }
}
