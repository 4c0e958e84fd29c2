package dev.nearside.hub;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.hub.store.Digests;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** What the hub's tests share. */
public final class Fixtures {

  /** Long enough for a machine that does twenty other things. */
  public static final HubConfig.Timeouts PATIENT = timeouts(Duration.ofSeconds(30));

  /** Gives up a silent body soon. */
  public static final HubConfig.Timeouts QUICK = timeouts(Duration.ofMillis(600));

  private Fixtures() {}

  private static HubConfig.Timeouts timeouts(Duration stall) {
    return new HubConfig.Timeouts(
        Duration.ofSeconds(20), Duration.ofSeconds(30), stall, 4, Duration.ofMillis(10));
  }

  public static byte[] bytes(int size, long seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  public static String sha256(byte[] bytes) {
    return Digests.hex(Digests.sha256(bytes));
  }

  /** Fails unless the message has this part. */
  public static void assertSays(Throwable e, String part) {
    String message = String.valueOf(e.getMessage());
    assertTrue(message.contains(part), message);
  }

  /** A hub whose home, caches and servers are all of the test. */
  public static HubConfig config(Path root, URI endpoint, @Nullable HfToken token) {
    HubConfig.Network network = network(PATIENT);
    return new HubConfig(
        root.resolve("home"),
        root.resolve("cwd"),
        new HubConfig.Endpoints(endpoint, token, endpoint, endpoint),
        new HubConfig.Caches(root.resolve("hf"), root.resolve("ollama")),
        network,
        false,
        Map.of("PATH", root.resolve("bin").toString()));
  }

  public static HubConfig.Network network(HubConfig.Timeouts timeouts) {
    return new HubConfig.Network(null, null, "", null, timeouts, 4);
  }

  /** Keeps every event. */
  public static final class Events implements PullListener {
    public final List<PullEvent> all = new ArrayList<>();

    public Events() {}

    @Override
    public synchronized void onEvent(PullEvent event) {
      all.add(event);
    }

    public synchronized <T extends PullEvent> List<T> of(Class<T> type) {
      return all.stream().filter(type::isInstance).map(type::cast).toList();
    }
  }
}
