package dev.nearside.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.base.Fault;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.ObjectMapper;

/** Pulls in processes of their own: killed at random moments, and two at once. */
@Timeout(600)
class ProcessTest {

  private static final String NAME = "hf.co/user/repo:Q4_K_M";
  private static final String FILE = "/user/repo/resolve/main/m-Q4_K_M.gguf";
  private static final int KILLS = 10;

  @TempDir Path root;
  private final FakeServer server = new FakeServer();
  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void stop() {
    started.forEach(Process::destroyForcibly);
    server.close();
  }

  @Test
  void pull_killedAtTenRandomMoments_resumesAndIsNeverListedHalf() throws Exception {
    byte[] content = Fixtures.bytes(48_000_123, 1);
    server.repo("user/repo", Map.of("m-Q4_K_M.gguf", content));
    FakeServer.Item item = server.item(FILE);
    item.pauseMillis = 12;
    Random random = new Random(20260101);
    ModelHub hub = ModelHub.open(Fixtures.config(root, server.address(), null));
    int killed = 0;
    for (int i = 0; i < KILLS; i++) {
      Process process = start("kill-" + i);
      // Random byte of this process's share, then a random moment after it.
      long target = item.sent.get() + random.nextLong(content.length / KILLS);
      while (process.isAlive() && item.sent.get() < target) {
        Thread.sleep(2);
      }
      Thread.sleep(random.nextInt(60));
      killed += process.isAlive() ? 1 : 0;
      process.destroyForcibly().waitFor();
      assertNothingHalf(hub, content);
    }
    assertTrue(killed >= KILLS - 2, "the pull ended before it could be killed: " + killed);
    item.pauseMillis = 0;
    Process last = start("last");
    assertTrue(last.waitFor(200, TimeUnit.SECONDS));
    String output = output("last");
    assertTrue(output.contains("DONE " + Fixtures.sha256(content)), output);
    assertFalse(output.contains("doneBytes=0,"), "it did not resume: " + output);
    assertEquals(Fixtures.sha256(content), hub.resolve(NAME).sha256());
    assertEquals(List.of(), hub.verify());
    // Ten restarts from nothing would send some five times the file.
    assertTrue(item.sent.get() < 3L * content.length, "sent " + item.sent.get());
  }

  private void assertNothingHalf(ModelHub hub, byte[] content) throws IOException {
    for (LocalModel model : hub.list()) {
      assertEquals(content.length, model.bytes());
      assertEquals(Fixtures.sha256(content), hub.resolve(NAME).sha256());
    }
    Path blobs = root.resolve("home/blobs");
    if (Files.isDirectory(blobs)) {
      try (Stream<Path> files = Files.list(blobs)) {
        for (Path blob : files.toList()) {
          assertEquals(
              "sha256-" + Fixtures.sha256(Files.readAllBytes(blob)), blob.getFileName().toString());
        }
      }
    }
  }

  @Test
  void pull_twoProcessesAtOnce_loadOnceAndBothHaveIt() throws Exception {
    byte[] content = Fixtures.bytes(12_000_000, 2);
    server.repo("user/repo", Map.of("m-Q4_K_M.gguf", content));
    FakeServer.Item item = server.item(FILE);
    item.pauseMillis = 40;
    Process first = start("first");
    Process second = start("second");
    assertTrue(first.waitFor(200, TimeUnit.SECONDS));
    assertTrue(second.waitFor(200, TimeUnit.SECONDS));
    String both = output("first") + output("second");
    assertEquals(2, both.split("DONE " + Fixtures.sha256(content), -1).length - 1, both);
    assertTrue(both.contains("Waiting"), both);
    assertTrue(item.sent.get() < content.length + 1000, "loaded twice: " + item.sent.get());
  }

  @Test
  void prune_whilePulling_removesNothing() throws Exception {
    byte[] content = Fixtures.bytes(8_000_000, 3);
    server.repo("user/repo", Map.of("m-Q4_K_M.gguf", content));
    FakeServer.Item item = server.item(FILE);
    item.pauseMillis = 100;
    Process process = start("puller");
    while (process.isAlive() && item.sent.get() < 1_000_000) {
      Thread.sleep(10);
    }
    ModelHub hub = ModelHub.open(Fixtures.config(root, server.address(), null));
    PruneReport report = hub.prune();
    assertEquals(List.of(), report.removed());
    Fixtures.assertSays(new HubException(Fault.of(report.kept().toString())), "a pull is running");
    item.pauseMillis = 0;
    assertTrue(process.waitFor(200, TimeUnit.SECONDS));
    assertTrue(output("puller").contains("DONE"), output("puller"));
  }

  private Process start(String log) throws IOException, URISyntaxException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath(),
                PullMain.class.getName(),
                root.toString(),
                server.address().toString(),
                NAME)
            .redirectErrorStream(true)
            .redirectOutput(root.resolve(log + ".log").toFile())
            .start();
    started.add(process);
    return process;
  }

  private String output(String log) throws IOException {
    return Files.readString(root.resolve(log + ".log"), StandardCharsets.UTF_8);
  }

  private static String classPath() throws URISyntaxException {
    List<Path> paths = new ArrayList<>();
    paths.add(Path.of("target", "test-classes").toAbsolutePath());
    for (Class<?> type :
        List.of(
            ModelHub.class,
            Fault.class,
            ObjectMapper.class,
            JsonFactory.class,
            com.fasterxml.jackson.annotation.JsonCreator.class,
            org.junit.jupiter.api.Assertions.class,
            org.opentest4j.AssertionFailedError.class)) {
      paths.add(Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()));
    }
    return paths.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }
}
