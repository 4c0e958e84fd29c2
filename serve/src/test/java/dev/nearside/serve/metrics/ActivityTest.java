package dev.nearside.serve.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nearside.chat.Usage;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class ActivityTest {
  /** A clock that a test turns. */
  private static final class TestClock extends Clock {
    private Instant now = Instant.parse("2026-01-02T03:04:05Z");

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneOffset getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  @Test
  void tokensPerSecond_areThoseOfTheLastTenSeconds() {
    TestClock clock = new TestClock();
    Activity activity = new Activity(clock);
    activity.take();
    activity.begin();
    for (int i = 0; i < 20; i++) {
      activity.write();
    }
    activity.end(true);
    activity.count(new Usage(1, 0, 20));
    assertEquals(2.0, activity.json().get("tokens_per_second").doubleValue());
    clock.now = clock.now.plus(Duration.ofSeconds(9));
    activity.write();
    assertEquals(2.1, activity.json().get("tokens_per_second").doubleValue());
    clock.now = clock.now.plus(Duration.ofSeconds(1));
    assertEquals(0.1, activity.json().get("tokens_per_second").doubleValue());
    clock.now = clock.now.plus(Duration.ofHours(1));
    assertEquals(0.0, activity.json().get("tokens_per_second").doubleValue());
  }
}
