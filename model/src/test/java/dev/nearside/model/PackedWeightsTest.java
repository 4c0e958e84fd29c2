package dev.nearside.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.model.load.PackedPlace;
import dev.nearside.model.synth.QuantMix;
import dev.nearside.model.synth.Synth;
import dev.nearside.model.synth.SynthShapes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packed weights kept in a file: used only where they are right, and never seen in the logits. */
class PackedWeightsTest {
  private static final int[] PROMPT = {1, 5, 9, 200, 33, 7};

  private @TempDir Path temp;
  private Path model = Path.of("");
  private Path folder = Path.of("");

  @BeforeEach
  void write() {
    model = temp.resolve("model.gguf");
    folder = temp.resolve("packed");
    synth(1);
  }

  private void synth(long seed) {
    Synth.write(
        SynthShapes.of("tiny-llama"), QuantMix.of("Q4_K_M"), model, seed, Synth.Progress.NONE);
  }

  private float[] logits(boolean isKept) {
    return isKept ? logits(PackedFolder.of(folder)) : feed(Feeder.open(model, "vector", 2));
  }

  private float[] logits(PackedFolder kept) {
    return feed(Feeder.open(model, PackedPlace.of(kept, model)));
  }

  private static float[] feed(Feeder opened) {
    try (Feeder feeder = opened) {
      return feeder.feed(PROMPT, 6, 1)[0];
    }
  }

  private Path packed() throws IOException {
    List<PackedFiles.Entry> all = PackedFiles.list(folder);
    assertEquals(1, all.size(), all.toString());
    return all.getFirst().path();
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** Changes a byte in the middle of a file. */
  private static void flip(Path file, int at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[at] ^= 0x10;
    Files.write(file, bytes);
  }

  @Test
  void load_secondTime_usesTheFileAndGivesTheSameBits() throws IOException {
    float[] expected = logits(false);
    assertFalse(Files.exists(folder));
    assertArrayEquals(expected, logits(true), 0f);
    Path packed = packed();
    long written = Files.getLastModifiedTime(packed).toMillis();
    for (int start = 0; start < 3; start++) { // checked whole, then by its seal
      assertArrayEquals(expected, logits(true), 0f);
      assertEquals(written, Files.getLastModifiedTime(packed).toMillis(), "it was good as it was");
    }
    // It is the packed weights that are read: another byte in them is another answer.
    byte[] bytes = Files.readAllBytes(packed);
    for (int i = bytes.length / 2; i < bytes.length / 2 + 4096; i++) {
      bytes[i] ^= 0x11;
    }
    Files.write(packed, bytes);
    seal(packed, Instant.now());
    assertNotEquals(sum(expected), sum(logits(true)));
  }

  @Test
  void load_sealOfLastWeek_readsAllAgain() throws IOException {
    float[] expected = logits(true);
    byte[] whole = Files.readAllBytes(packed());
    flip(packed(), whole.length / 2);
    seal(packed(), Instant.now().minus(Duration.ofDays(8)));
    assertArrayEquals(expected, logits(true), 0f);
    assertArrayEquals(whole, Files.readAllBytes(packed()), "mended");
    flip(packed(), whole.length / 2);
    seal(packed(), Instant.now().plus(Duration.ofDays(8)));
    assertArrayEquals(expected, logits(true), 0f, "a seal of the future is none");
  }

  /** As if the file, as it is, had been found right. */
  private static void seal(Path packed, Instant when) throws IOException {
    boolean isUnix = packed.getFileSystem().supportedFileAttributeViews().contains("unix");
    String text =
        when
            + "\n"
            + Files.size(packed)
            + "\n"
            + Files.getLastModifiedTime(packed)
            + "\n"
            + (isUnix ? Files.getAttribute(packed, "unix:ctime") : "-")
            + "\n";
    Files.writeString(packed.resolveSibling(packed.getFileName() + ".seal"), text);
  }

  private static double sum(float[] values) {
    double sum = 0;
    for (float v : values) {
      sum += v;
    }
    return sum;
  }

  @Test
  void load_modelChanged_packsAnew() throws IOException {
    logits(true);
    synth(2);
    float[] expected = logits(false);
    assertArrayEquals(expected, logits(true), 0f);
    assertArrayEquals(expected, logits(true), 0f);
    assertTrue(PackedFiles.removeStale(folder).isEmpty(), "the file is of the new model");
  }

  @Test
  void load_anotherModelOfTheSameSizeAndTime_packsAnew() throws IOException {
    FileTime time = Files.getLastModifiedTime(model);
    logits(true);
    synth(2);
    Files.setLastModifiedTime(model, time);
    assertEquals(1, PackedFiles.removeStale(folder).size(), "it is of the first one");
    assertArrayEquals(logits(false), logits(true), 0f);
  }

  @Test
  void load_packedFileCutOrGarbage_packsAnew() throws IOException {
    float[] expected = logits(true);
    byte[] whole = Files.readAllBytes(packed());
    for (int length : new int[] {0, 100, whole.length / 2, whole.length - 1}) {
      Files.write(packed(), Arrays.copyOf(whole, length));
      assertArrayEquals(expected, logits(true), 0f, "cut at " + length);
      assertArrayEquals(whole, Files.readAllBytes(packed()), "mended after a cut at " + length);
    }
    Files.write(packed(), Arrays.copyOf(whole, whole.length + 64));
    assertArrayEquals(expected, logits(true), 0f, "longer");
    assertArrayEquals(whole, Files.readAllBytes(packed()), "mended");
  }

  @Test
  void load_anyBitFlipped_packsAnew() throws IOException {
    float[] expected = logits(true);
    logits(true); // sealed
    byte[] whole = Files.readAllBytes(packed());
    int table = new String(whole, StandardCharsets.ISO_8859_1).indexOf("nearside.pieces.sums");
    IntStream header = IntStream.of(0, 4, 8, 30, 90, table + 40, table + 41, table + 60);
    IntStream data = IntStream.of(whole.length / 4, whole.length / 2, whole.length - 2000);
    for (int at : IntStream.concat(header, data).toArray()) {
      flip(packed(), at);
      assertArrayEquals(expected, logits(true), 0f, "bit of byte " + at);
      assertArrayEquals(whole, Files.readAllBytes(packed()), "mended, byte " + at);
    }
  }

  @Test
  void load_everyByteOfTheHeaderFlipped_neverGivesOtherBits() throws IOException {
    float[] expected = logits(true);
    byte[] whole = Files.readAllBytes(packed());
    int end = new String(whole, StandardCharsets.ISO_8859_1).lastIndexOf(".weight#0") + 40;
    for (int at = 24; at < end; at += 97) {
      flip(packed(), at);
      assertArrayEquals(expected, logits(true), 0f, "byte " + at);
    }
  }

  @Test
  void load_anotherVersionOfTheLayout_packsAnew() throws IOException {
    float[] expected = logits(true);
    Path packed = packed();
    byte[] whole = Files.readAllBytes(packed);
    String text = new String(whole, StandardCharsets.ISO_8859_1);
    Files.write(packed, text.replace("packed-", "packec-").getBytes(StandardCharsets.ISO_8859_1));
    assertEquals(1, PackedFiles.removeStale(folder).size());
    assertArrayEquals(expected, logits(true), 0f);
    assertArrayEquals(whole, Files.readAllBytes(packed()));
  }

  @Test
  void load_severalAtOnce_allGiveTheSameBits() throws Exception {
    float[] expected = logits(false);
    try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
      List<Future<float[]>> all =
          IntStream.range(0, 8).mapToObj(i -> pool.submit(() -> logits(true))).toList();
      for (Future<float[]> one : all) {
        assertArrayEquals(expected, one.get(), 0f);
      }
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
    assertEquals(List.of(), PackedFiles.verify(folder));
    assertEquals(
        List.of(), names().stream().filter(name -> name.endsWith(".tmp")).toList(), "no litter");
  }

  @Test
  void load_folderCannotBeWritten_worksWithout() throws IOException {
    Files.writeString(folder, "a file where the folder should be");
    assertArrayEquals(logits(false), logits(true), 0f);
    assertEquals("a file where the folder should be", Files.readString(folder));
  }

  @Test
  void load_largerThanTheLimit_keepsNothing() {
    float[] expected = logits(false);
    assertArrayEquals(expected, logits(new PackedFolder(folder, 1000)), 0f);
    assertEquals(List.of(), PackedFiles.list(folder));
    assertArrayEquals(expected, logits(new PackedFolder(folder, 0)), 0f);
    assertEquals(List.of(), PackedFiles.list(folder));
  }

  @Test
  void load_limitReached_theLeastRecentlyUsedGo() throws IOException {
    logits(true);
    logits(true);
    long bytes = PackedFiles.list(folder).getFirst().bytes();
    Path first = packed();
    Path second = add("b", 1);
    Path third = add("c", 2);
    // The first is the oldest file, and used last.
    Files.setLastModifiedTime(first, FileTime.from(Instant.now().minusSeconds(9000)));
    Files.setLastModifiedTime(
        first.resolveSibling(first.getFileName() + ".seal"), FileTime.from(Instant.now()));
    PackedFolder limited = new PackedFolder(folder, bytes + 2500);
    assertEquals(List.of(second), List.copyOf(PackedFiles.trim(limited).keySet()));
    PackedFiles.makeRoom(limited, 2000, third);
    assertTrue(Files.exists(third), "it is the one that is replaced");
    PackedFiles.makeRoom(limited, 2000, second);
    assertEquals(List.of(first), PackedFiles.list(folder).stream().map(e -> e.path()).toList());
    PackedFiles.makeRoom(limited, bytes, second);
    assertEquals(List.of(), names(), "with its seal");
  }

  private Path add(String name, int minutes) {
    try {
      Path file = Files.write(folder.resolve(name + ".packed"), new byte[1000 * minutes]);
      Instant time = Instant.now().minusSeconds(6000).plusSeconds(60L * minutes);
      return Files.setLastModifiedTime(file, FileTime.from(time));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void list_ofAModel_hasItsFilesOnly() throws IOException {
    logits(true);
    add("b", 1);
    assertEquals(List.of(packed(model)), paths(PackedFiles.of(folder, model)));
    assertEquals(List.of(), PackedFiles.of(folder, temp.resolve("none.gguf")));
    assertEquals(List.of(), PackedFiles.of(temp.resolve("none"), model));
  }

  private Path packed(Path of) {
    return PackedFiles.of(folder, of).getFirst().path();
  }

  private static List<Path> paths(List<PackedFiles.Entry> entries) {
    return entries.stream().map(PackedFiles.Entry::path).toList();
  }

  @Test
  void verify_flippedBit_isNamed() throws IOException {
    logits(true);
    assertEquals(List.of(), PackedFiles.verify(folder));
    flip(packed(), (int) Files.size(packed()) - 3000);
    List<String> faults = PackedFiles.verify(folder);
    assertEquals(1, faults.size());
    assertTrue(faults.getFirst().contains("is damaged"), faults.toString());
  }

  @Test
  void removeStale_modelGone_removesItsFile() throws IOException {
    logits(true);
    logits(true);
    assertTrue(PackedFiles.removeStale(folder).isEmpty());
    Files.delete(model);
    assertEquals(1, PackedFiles.removeStale(folder).size());
    assertEquals(List.of(), names(), "its seal too");
    assertTrue(PackedFiles.removeStale(temp.resolve("no such folder")).isEmpty());
  }
}
