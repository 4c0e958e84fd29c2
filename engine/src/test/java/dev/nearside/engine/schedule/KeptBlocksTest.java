package dev.nearside.engine.schedule;

import static dev.nearside.engine.schedule.Fixture.expected;
import static dev.nearside.engine.schedule.Fixture.prompt;
import static dev.nearside.engine.schedule.Fixture.take;
import static dev.nearside.engine.schedule.Fixture.task;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.engine.FakeModel;
import dev.nearside.engine.cache.KvFolder;
import dev.nearside.engine.schedule.EngineLoop.Settings;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Blocks of keys and values that outlive the process. */
@Timeout(60)
class KeptBlocksTest {
  private static final int[] PROMPT = prompt(500, 3);
  private static final int WHOLE = 448; // seven blocks of 64

  @TempDir Path temp;

  @Test
  void restart_sameStart_isReadBackAndSaysTheSame() throws Exception {
    assertEquals(0, cachedOf(PROMPT, "model"));
    assertEquals(WHOLE, cachedOf(PROMPT, "model"));
    int[] longer = Fixture.concat(PROMPT, prompt(100, 5));
    assertEquals(WHOLE, cachedOf(longer, "model"), "a part of a block is not kept on disk");
    int[] changed = PROMPT.clone();
    changed[200] = 7;
    assertEquals(192, cachedOf(changed, "model"));
  }

  @Test
  void restart_otherModelOrAdapter_findsNothing() throws Exception {
    cachedOf(PROMPT, "model");
    assertEquals(0, cachedOf(PROMPT, "other model"));
    try (EngineLoop loop = open("model", 1 << 20)) {
      Sequence s = loop.submit(task(PROMPT, 5, Terms.USUAL.withCacheKey("adapter")));
      assertEquals(expected(PROMPT, 5), take(s));
      assertEquals(0, s.cached());
    }
  }

  @Test
  void file_anyByteChanged_isDeletedAndComputedAgain() throws Exception {
    Random random = new Random(1);
    for (int round = 0; round < 12; round++) {
      cachedOf(PROMPT, "model");
      List<Path> all = files();
      Path broken = all.get(random.nextInt(all.size()));
      byte[] bytes = Files.readAllBytes(broken);
      int at = round < 6 ? random.nextInt(56) : random.nextInt(bytes.length);
      bytes[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(broken, bytes);
      int cached = cachedOf(PROMPT, "model");
      assertTrue(cached < WHOLE && cached % 64 == 0, "byte " + at + ": " + cached + " cached");
      assertEquals(WHOLE, cachedOf(PROMPT, "model"), "it was written anew");
    }
  }

  @Test
  void file_truncatedOrEmptyOrTooLong_isDeletedAndComputedAgain() throws Exception {
    cachedOf(PROMPT, "model");
    byte[] whole = Files.readAllBytes(files().getFirst());
    for (int size : new int[] {0, 3, 56, whole.length - 1, whole.length + 1}) {
      for (Path file : files()) {
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), size));
      }
      assertEquals(0, cachedOf(PROMPT, "model"), size + " bytes");
      assertEquals(WHOLE, cachedOf(PROMPT, "model"));
    }
  }

  @Test
  void file_ofAnotherBlock_isNotTakenForThisOne() throws Exception {
    cachedOf(PROMPT, "model");
    List<Path> all = files();
    byte[] first = Files.readAllBytes(all.getFirst());
    for (Path file : all) {
      Files.write(file, first);
    }
    assertTrue(cachedOf(PROMPT, "model") <= 64);
  }

  @Test
  void folder_limited_keepsTheRecentOnes() throws Exception {
    long block = 56 + 2L * 64 * Float.BYTES;
    try (EngineLoop loop = open("model", 10 * block)) {
      for (int i = 0; i < 5; i++) {
        take(loop.submit(task(prompt(300, 10 + i), 2)));
      }
    }
    assertTrue(files().size() <= 10, () -> "files " + sizes());
    assertTrue(files().size() >= 5, () -> "files " + sizes());
  }

  @Test
  void folder_cantBeWritten_requestsAreServedAllTheSame() throws Exception {
    Path file = Files.createFile(temp.resolve("file"));
    KvFolder folder = new KvFolder(file, 1 << 20, "model");
    Settings settings = new Settings(1024, 2, 32, 10, folder, null);
    try (EngineLoop loop = new EngineLoop(FakeModel.letters(64), settings)) {
      for (int i = 0; i < 3; i++) {
        assertEquals(expected(PROMPT, 5), take(loop.submit(task(PROMPT, 5))));
      }
    }
    assertTrue(Files.isRegularFile(file));
  }

  @Test
  void leftovers_ofAKilledProcess_areRemovedWhenTheyAreOld() throws Exception {
    cachedOf(PROMPT, "model");
    Path old = Files.createFile(temp.resolve("kv/.abc-1.tmp"));
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(3600)));
    Path recent = Files.createFile(temp.resolve("kv/.abd-2.tmp"));
    cachedOf(prompt(200, 77), "model");
    assertFalse(Files.exists(old));
    assertTrue(Files.exists(recent));
  }

  @Test
  void files_areForTheirOwnerOnly() throws Exception {
    Assumptions.assumeTrue(
        FileSystems.getDefault().supportedFileAttributeViews().contains("posix"),
        "this file system has no owners");
    cachedOf(PROMPT, "model");
    assertEquals(
        "rwx------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(temp.resolve("kv"))));
    for (Path file : files()) {
      assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }
  }

  private int cachedOf(int[] prompt, String identity) throws Exception {
    try (EngineLoop loop = open(identity, 1 << 20)) {
      Sequence s = loop.submit(task(prompt, 8));
      assertEquals(expected(prompt, 8), take(s));
      return s.cached();
    }
  }

  private EngineLoop open(String identity, long maxBytes) {
    KvFolder folder = new KvFolder(temp.resolve("kv"), maxBytes, identity);
    return new EngineLoop(FakeModel.letters(64), new Settings(1024, 2, 32, 10, folder, null));
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(temp.resolve("kv"))) {
      return all.filter(p -> p.toString().endsWith(".kv")).sorted().toList();
    }
  }

  private String sizes() {
    try {
      return files().toString();
    } catch (IOException e) {
      return e.toString();
    }
  }
}
