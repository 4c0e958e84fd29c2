package dev.nearside.engine.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogitsFileTest {
  private static final int CONTEXT = 8;
  private static final int VOCAB = 5;
  private static final int ROWS = 3;

  @TempDir Path folder;

  @Test
  void open_fileOfLlamaCpp_hasItsShapeAndNormalisedRows() {
    try (LogitsFile file = LogitsFile.open(Golden.logits())) {
      assertEquals(32, file.contextLength());
      assertEquals(128, file.vocabSize());
      assertEquals(7, file.chunks());
      LogitsFile.Row row = new LogitsFile.Row(file.vocabSize());
      for (int i = 0; i < LogitsFile.scoredRows(32); i++) {
        file.read(6, i, row);
        double sum = 0;
        for (int t = 0; t < file.vocabSize(); t++) {
          sum += Math.exp(row.logProb(t));
        }
        assertEquals(1, sum, 1e-3, "row " + i);
      }
    }
  }

  @Test
  void write_randomRows_areReadBackWithinHalfAStep() throws IOException {
    float[][] rows = randomRows();
    Path path = write(rows);
    LogProbs math = new LogProbs();
    try (LogitsFile file = LogitsFile.open(path)) {
      assertArrayEquals(tokens(), file.tokens(0));
      LogitsFile.Row row = new LogitsFile.Row(VOCAB);
      for (int i = 0; i < ROWS; i++) {
        file.read(0, i, row);
        LogProbs.Row stats = math.read(rows[i]);
        assertEquals(stats.best(), row.best());
        for (int t = 0; t < VOCAB; t++) {
          double exact = rows[i][t] - stats.max() - Math.log(stats.sumExp());
          double floor = -LogProbs.FLOOR - Math.log(stats.sumExp());
          assertEquals(Math.max(exact, floor), row.logProb(t), row.scale / 2 + 1e-5);
        }
      }
    }
  }

  @Test
  void write_notCommitted_leavesNothing() throws IOException {
    try (LogitsFileWriter out = new LogitsFileWriter(target(), CONTEXT, VOCAB, tokens())) {
      assertEquals(VOCAB, out.vocabSize());
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertFalse(files.findAny().isPresent());
    }
  }

  @Test
  void write_folderIsMissing_isAnError() {
    Path path = folder.resolve("missing").resolve("x");
    assertThrows(
        EvalException.class, () -> new LogitsFileWriter(path, CONTEXT, VOCAB, tokens()).close());
  }

  @Test
  void open_everyCutOfAFile_isAnError() throws IOException {
    byte[] whole = Files.readAllBytes(write(randomRows()));
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(whole, length);
      assertThrows(EvalException.class, () -> open(cut), "cut at " + length);
    }
    assertThrows(EvalException.class, () -> open(java.util.Arrays.copyOf(whole, whole.length + 1)));
  }

  @Test
  void open_impossibleNumbers_areErrors() throws IOException {
    byte[] whole = Files.readAllBytes(write(randomRows()));
    int[] places = {8, 12, 16, 20};
    int[] values = {-1, 0, 3, 1 << 24, Integer.MAX_VALUE, Integer.MIN_VALUE};
    for (int place : places) {
      for (int value : values) {
        byte[] broken = whole.clone();
        MemorySegment.ofArray(broken).set(LogitsFile.INT, place, value);
        if (place == 20 && value >= 0 && value < VOCAB) {
          open(broken);
        } else {
          assertThrows(EvalException.class, () -> open(broken), value + " at " + place);
        }
      }
    }
  }

  @Test
  void read_scaleIsNoNumber_isAnError() throws IOException {
    byte[] broken = Files.readAllBytes(write(randomRows()));
    int row = LogitsFile.HEADER_BYTES + CONTEXT * Integer.BYTES;
    MemorySegment.ofArray(broken).set(LogitsFile.FLOAT, row, Float.NaN);
    Path path = folder.resolve("broken");
    Files.write(path, broken);
    try (LogitsFile file = LogitsFile.open(path)) {
      EvalException e =
          assertThrows(EvalException.class, () -> file.read(0, 0, new LogitsFile.Row(VOCAB)));
      assertTrue(String.valueOf(e.getMessage()).contains("byte " + row), e::getMessage);
    }
  }

  @Test
  void open_missingFile_isAnError() {
    assertThrows(EvalException.class, () -> LogitsFile.open(folder.resolve("missing")).close());
  }

  private void open(byte[] bytes) throws IOException {
    Path path = folder.resolve("bytes");
    Files.write(path, bytes);
    LogitsFile.open(path).close();
  }

  private Path write(float[][] rows) {
    LogProbs math = new LogProbs();
    try (LogitsFileWriter out = new LogitsFileWriter(target(), CONTEXT, VOCAB, tokens())) {
      for (float[] row : rows) {
        MemorySegment bytes = MemorySegment.ofArray(new byte[(int) LogitsFile.rowBytes(VOCAB)]);
        LogitsFileWriter.encode(row, math.read(row), bytes);
        out.append(bytes);
      }
      out.commit();
    }
    return target();
  }

  private Path target() {
    return folder.resolve("x.logits");
  }

  private static int[] tokens() {
    return new int[] {0, 1, 2, 3, 4, 3, 2, 1};
  }

  // The last row is flat: its scale is 0.
  private static float[][] randomRows() {
    Random random = new Random(5);
    float[][] rows = new float[ROWS][VOCAB];
    for (int i = 0; i < ROWS - 1; i++) {
      for (int t = 0; t < VOCAB; t++) {
        rows[i][t] = (float) random.nextGaussian(0, 8);
      }
    }
    return rows;
  }
}
