package dev.nearside.format.gguf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.format.FormatException;
import dev.nearside.format.MetaValue;
import dev.nearside.format.TensorInfo;
import dev.nearside.format.TensorSource;
import dev.nearside.tensor.TensorType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class GgufFileTest {
  @TempDir Path folder;

  @Test
  void open_file_mapsExactlyTheTensorsBytes() throws IOException {
    Path path = write("m.gguf", twoTensors().zeros(24).pad(32).bytes((byte) 7).zeros(33));

    try (GgufFile file = GgufFile.open(path)) {
      MemorySegment b = file.data(file.get("b"));
      assertEquals(34, b.byteSize());
      assertEquals(7, b.get(ValueLayout.JAVA_BYTE, 0));
      assertTrue(b.isReadOnly());
      assertEquals(List.of(path), file.paths());
    }
  }

  @Test
  void open_lastTensorCutByOneByte_isRejected() throws IOException {
    Path path = write("m.gguf", twoTensors().zeros(24).pad(32).zeros(33));

    rejects("cut short", () -> GgufFile.open(path).close());
  }

  @Test
  void readHeader_dataMissing_isEnough() throws IOException {
    Path path = write("m.gguf", twoTensors());

    assertEquals(2, GgufFile.readHeader(path).tensors().size());
  }

  @Test
  void open_missingFileOrFolder_saysSo() {
    rejects("does not exist", () -> GgufFile.open(folder.resolve("no.gguf")).close());
    rejects("not a file", () -> GgufFile.open(folder).close());
  }

  @Test
  void close_then_metadataStaysAndDataIsGone() throws IOException {
    Path path =
        write(
            "m.gguf",
            RawGguf.header(3, 1, 1)
                .key("t", 9)
                .int32(8)
                .int64(1)
                .string("x")
                .tensor("w", 0, 0, 1)
                .pad(32)
                .zeros(4));
    GgufFile file = GgufFile.open(path);
    MemorySegment data = file.data(file.get("w"));

    file.close();

    assertEquals(List.of("x"), file.metadata().strings("t"));
    assertThrows(IllegalStateException.class, () -> data.get(ValueLayout.JAVA_BYTE, 0));
  }

  @Test
  void data_ofAnotherFile_isRejected() throws IOException {
    Path path = write("m.gguf", twoTensors().zeros(100));
    try (GgufFile file = GgufFile.open(path)) {
      TensorInfo foreign = file.get("w").at(0, 0);
      rejects("not of this file", () -> file.data(foreign));
      rejects("missing", () -> file.get("no"));
    }
  }

  @Test
  void open_anyPartOfSplitModel_opensAll() {
    List<Path> parts = writeSplit(3);

    for (Path part : parts) {
      try (GgufFile file = GgufFile.open(part)) {
        assertEquals("llama", file.metadata().string("general.architecture"));
        assertEquals(3, file.tensors().size());
        for (int i = 0; i < 3; i++) {
          TensorInfo tensor = file.get("t" + i);
          assertEquals(i, tensor.part());
          assertEquals(i, file.data(tensor).get(ValueLayout.JAVA_BYTE, 0));
        }
      }
    }
  }

  @Test
  void open_partsUnderOtherNames_needsTheList() throws IOException {
    List<Path> blobs = new ArrayList<>();
    for (Path part : writeSplit(2)) {
      blobs.add(Files.move(part, folder.resolve("sha256-" + blobs.size())));
    }

    try (GgufFile file = GgufFile.open(blobs)) {
      assertEquals(2, file.tensors().size());
    }
    rejects("unexpected name", () -> GgufFile.open(blobs.getFirst()).close());
    rejects("expected part", () -> GgufFile.open(blobs.reversed()).close());
    rejects("expected part", () -> GgufFile.open(blobs.subList(0, 1)).close());
  }

  @Test
  void open_splitModelWithoutOnePart_namesIt() throws IOException {
    List<Path> parts = writeSplit(3);
    Files.delete(parts.get(1));

    rejects("m-00002-of-00003.gguf", () -> GgufFile.open(parts.getFirst()).close());
  }

  @Test
  void open_partReplacedByAnother_isRejected() throws IOException {
    List<Path> parts = writeSplit(3);
    Files.copy(parts.get(1), parts.get(2), StandardCopyOption.REPLACE_EXISTING);

    rejects("expected part", () -> GgufFile.open(parts.getFirst()).close());
  }

  @Test
  void open_tensorBeyondFourGigabytes_isRead() throws IOException {
    long first = (5L << 30) + 64;
    byte[] header =
        RawGguf.header(3, 2, 0)
            .tensor("big", TensorType.I8.ggmlId(), 0, first)
            .tensor("far", TensorType.F32.ggmlId(), first, 2)
            .pad(32)
            .toBytes();
    Path path = folder.resolve("sparse.gguf");
    try (FileChannel out =
        FileChannel.open(
            path,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.SPARSE)) {
      out.write(ByteBuffer.wrap(header));
      out.write(ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}), header.length + first);
    }

    try (GgufFile file = GgufFile.open(path)) {
      assertEquals(first, file.data(file.get("big")).byteSize());
      assertArrayEquals(
          new byte[] {1, 2, 3, 4, 5, 6, 7, 8},
          file.data(file.get("far")).toArray(ValueLayout.JAVA_BYTE));
    }
  }

  /** "w" of 24 bytes at 0 and "b" of 34 bytes at 32; the data is the caller's. */
  private static RawGguf twoTensors() {
    return RawGguf.header(3, 2, 0)
        .tensor("w", TensorType.F32.ggmlId(), 0, 3, 2)
        .tensor("b", TensorType.Q8_0.ggmlId(), 32, 32)
        .pad(32);
  }

  private List<Path> writeSplit(int parts) {
    GgufWriter writer = new GgufWriter().put("general.architecture", MetaValue.of("llama"));
    for (int i = 0; i < parts; i++) {
      byte[] data = new byte[40];
      data[0] = (byte) i;
      writer.tensor(
          "t" + i, TensorType.I8, new long[] {40}, TensorSource.of(MemorySegment.ofArray(data)));
    }
    return writer.writeSplit(folder.resolve("m"), 64);
  }

  private Path write(String name, RawGguf bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes.toBytes());
  }

  private static void rejects(String part, Executable call) {
    String message = assertThrows(FormatException.class, call).fault().message();
    assertTrue(message.contains(part), message);
  }
}
