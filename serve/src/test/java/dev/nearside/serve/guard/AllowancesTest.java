package dev.nearside.serve.guard;

import static dev.nearside.serve.ServerUnderTest.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.serve.http.HttpProblem;
import dev.nearside.serve.keys.ApiKey;
import dev.nearside.serve.keys.UsageFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllowancesTest {
  private static final LocalDate DAY = LocalDate.of(2026, 1, 2);
  private static final long NEVER = 1_000_000;

  @TempDir Path home;

  private static Clock at(LocalDate day) {
    return Clock.fixed(day.atTime(23, 0).toInstant(ZoneOffset.UTC), ZoneOffset.UTC);
  }

  private UsageFile file() {
    return new UsageFile(home.resolve("sub").resolve("usage.json"));
  }

  private Map<String, Long> kept(LocalDate day) {
    try {
      return file().read(day);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void tokens_areWrittenNowAndThen_soThatAKillForgetsLittle() throws Exception {
    try (Allowances allowances = new Allowances(file(), at(DAY), 20)) {
      allowances.of("a").pay(5);
      assertTrue(eventually(() -> kept(DAY).equals(Map.of("a", 5L))), "while it runs");
      allowances.of("a").pay(2);
      allowances.of("b").pay(1);
      assertTrue(eventually(() -> kept(DAY).equals(Map.of("a", 7L, "b", 1L))));
      long written = Files.getLastModifiedTime(file().path()).toMillis();
      Thread.sleep(100);
      assertEquals(
          written,
          Files.getLastModifiedTime(file().path()).toMillis(),
          "nothing new: nothing written");
    }
  }

  @Test
  void serversOfOneHome_addToTheSameNumbers() throws Exception {
    try (Allowances one = new Allowances(file(), at(DAY), NEVER);
        Allowances two = new Allowances(file(), at(DAY), NEVER)) {
      one.of("a").pay(5);
      two.of("a").pay(3);
    }
    assertEquals(Map.of("a", 8L), kept(DAY));
  }

  @Test
  void anotherDay_beginsAnew() throws Exception {
    LocalDate next = DAY.plusDays(1);
    try (Allowances allowances = new Allowances(file(), at(DAY), NEVER)) {
      allowances.of("a").pay(5);
    }
    try (Allowances allowances = new Allowances(file(), at(next), NEVER)) {
      allowances.of("b").pay(2);
    }
    assertEquals(Map.of("b", 2L), kept(next));
    assertEquals(Map.of(), kept(DAY));
  }

  /** A clock that a test sets. */
  private static Clock reading(Instant[] now) {
    return new Clock() {
      @Override
      public Instant instant() {
        return now[0];
      }

      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }
    };
  }

  @Test
  void clockThatIsSetBack_takesNoRequestsAway() {
    Instant[] now = {DAY.atTime(12, 0).toInstant(ZoneOffset.UTC)};
    Allowance allowance = new Allowance(reading(now));
    ApiKey.Quota four = new ApiKey.Quota(4, 0);
    allowance.takeMore(four, "n", 1);
    now[0] = now[0].minus(Duration.ofHours(1));
    allowance.takeMore(four, "n", 3);
    assertThrows(HttpProblem.class, () -> allowance.takeMore(four, "n", 1), "all four are taken");
    now[0] = now[0].plus(Duration.ofSeconds(15));
    allowance.takeMore(four, "n", 1);
  }

  /** Midnight comes while tokens of the old day are not written yet. */
  @Test
  void midnight_dropsWhatWasOfTheOldDay() throws Exception {
    Instant[] now = {DAY.atTime(23, 59).toInstant(ZoneOffset.UTC)};
    Clock clock = reading(now);
    try (Allowances allowances = new Allowances(file(), clock, NEVER)) {
      allowances.of("a").pay(5);
      now[0] = now[0].plus(Duration.ofMinutes(2));
      allowances.of("a").pay(1);
    }
    assertEquals(Map.of("a", 1L), kept(DAY.plusDays(1)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "{\"schema\": 2}",
        "{\"schema\": 1, \"day\": \"2026-01-02\", \"tokens\": {\"a\": -1}}",
        "{\"schema\": 1, \"day\": \"2026-01-02\", \"tokens\": {\"a\": \"x\"}}",
        "{\"schema\": 1, \"day\": \"yesterday\", \"tokens\": {}}"
      })
  void brokenFile_isBegunAnew(String content) throws Exception {
    Files.createDirectories(file().path().getParent());
    Files.writeString(file().path(), content);
    try (Allowances allowances = new Allowances(file(), at(DAY), NEVER)) {
      allowances.of("a").pay(4);
    }
    assertEquals(Map.of("a", 4L), kept(DAY));
  }

  @Test
  void fileThatCannotBeWritten_costsNothingElse() throws Exception {
    Files.writeString(home.resolve("sub"), "a file where a folder should be");
    try (Allowances allowances = new Allowances(file(), at(DAY), NEVER)) {
      allowances.of("a").pay(4);
      assertEquals(4, allowances.of("a").unsaved(DAY));
    }
  }
}
