package dev.nearside.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Broken model files of others, each through {@code show} and, for GGUF, through {@code run}: the
 * expected verdict, in time, and a failure is one line. This module's tests have 512 MB of heap.
 */
class MalformedFilesTest {
  private static final Duration LIMIT = Duration.ofSeconds(2);

  /** Loading starts threads and computes; it is bounded too, but what is asked of it is an end. */
  private static final Duration RUN_LIMIT = Duration.ofSeconds(20);

  @TempDir static Path home;

  @TestFactory
  Stream<DynamicTest> everyCase_getsItsVerdict() throws IOException {
    Path cases = cases();
    Assumptions.assumeTrue(
        Files.isDirectory(cases), "the malformed files are not here: no " + cases);
    // The first command of a JVM loads classes.
    new Cli(home).run("show", cases.resolve("gguf/ok_minimal_llama.gguf").toString());
    List<DynamicTest> tests = new ArrayList<>();
    for (String line : Files.readAllLines(cases.resolve("expected.jsonl"))) {
      JsonNode one = JsonMapper.shared().readTree(line);
      Path file = cases.resolve(one.path("file").asString());
      String verdict = one.path("expect").asString();
      tests.add(DynamicTest.dynamicTest("show " + one.path("file"), () -> show(file, verdict)));
      if (file.toString().endsWith(".gguf")) {
        tests.add(DynamicTest.dynamicTest("run " + one.path("file"), () -> run(file, verdict)));
      }
    }
    return tests.stream();
  }

  private static void show(Path file, String verdict) {
    Cli cli = new Cli(home);
    check(assertTimeoutPreemptively(LIMIT, () -> cli.run("show", file.toString())), verdict);
  }

  /** What {@code show} refuses must not run, and what it accepts answers or fails cleanly. */
  private static void run(Path file, String verdict) {
    Cli cli = new Cli(home);
    Cli.Result result =
        assertTimeoutPreemptively(
            RUN_LIMIT,
            () -> cli.run("run", "-m", file.toString(), "-p", "a", "-n", "2", "-c", "8"));
    check(result, verdict.equals("load") || verdict.equals("reject") ? verdict : "either");
  }

  private static void check(Cli.Result result, String verdict) {
    String said = result.out() + result.err();
    if (verdict.equals("reject")) {
      assertEquals(1, result.code(), said);
    } else if (verdict.startsWith("load") && !verdict.startsWith("load-or")) {
      assertEquals(0, result.code(), said);
    }
    if (result.code() != 0) {
      assertEquals(1, result.code(), said);
      assertEquals(
          1, result.err().lines().filter(line -> line.startsWith("error: ")).count(), said);
      assertTrue(result.err().lines().noneMatch(line -> line.startsWith("\tat ")), said);
    }
  }

  private static Path cases() {
    String given = System.getProperty("nearside.cases", System.getenv("NEARSIDE_CASES"));
    return Path.of(given == null ? "../../shared/cases" : given).resolve("malformed");
  }
}
