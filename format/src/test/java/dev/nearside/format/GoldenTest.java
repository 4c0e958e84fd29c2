package dev.nearside.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.format.gguf.GgufFile;
import dev.nearside.format.gguf.GgufWriter;
import dev.nearside.format.safetensors.SafetensorsFile;
import dev.nearside.format.safetensors.SafetensorsWriter;
import dev.nearside.tensor.TensorType;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The reference writers' files (golden/make_golden.py) are read, and written again byte for byte.
 * If one fails, others can't read our files, or we theirs.
 */
class GoldenTest {
  @TempDir Path folder;

  @Test
  void gguf_ofGgufPy_isRead() throws IOException {
    try (GgufFile file = GgufFile.open(golden("every_type.gguf"))) {
      Map<String, Object> values = file.metadata().asMap();
      assertEquals("golden", values.get("general.architecture"));
      assertEquals("18446744073709551615", String.valueOf(values.get("x.uint64")));
      assertEquals(Long.MIN_VALUE, values.get("x.int64"));
      assertEquals(1e-6f, values.get("x.float32"));
      assertEquals(Math.PI, values.get("x.float64"));
      assertEquals("héllo ▁ 世界", values.get("x.string"));
      assertEquals(List.of("<unk>", "", "▁a", "😀"), values.get("a.strings"));
      TensorInfo f32 = file.get("f32");
      assertArrayEquals(new long[] {2, 3}, f32.shape());
      assertEquals(2.5f, file.data(f32).get(ValueLayout.JAVA_FLOAT_UNALIGNED, 20));
      assertArrayEquals(new long[] {2, 32}, file.get("q8_0").shape());
    }
  }

  @Test
  void gguf_sameContent_isWrittenAsGgufPyDoes() throws IOException {
    Path path = folder.resolve("m.gguf");
    new GgufWriter()
        .put("general.architecture", "golden")
        .alignment(64)
        .put("x.uint8", new MetaValue.Whole(MetaType.UINT8, 255))
        .put("x.int8", new MetaValue.Whole(MetaType.INT8, -128))
        .put("x.uint16", new MetaValue.Whole(MetaType.UINT16, 65535))
        .put("x.int16", new MetaValue.Whole(MetaType.INT16, -32768))
        .put("x.uint32", MetaValue.uint32(4294967295L))
        .put("x.int32", MetaValue.int32(Integer.MIN_VALUE))
        .put("x.uint64", new MetaValue.Whole(MetaType.UINT64, -1))
        .put("x.int64", new MetaValue.Whole(MetaType.INT64, Long.MIN_VALUE))
        .put("x.float32", MetaValue.float32(1e-6f))
        .put("x.float64", new MetaValue.Real(MetaType.FLOAT64, Math.PI))
        .put("x.bool", MetaValue.of(true))
        .put("x.string", "héllo ▁ 世界")
        .put("a.strings", MetaValue.strings(List.of("<unk>", "", "▁a", "😀")))
        .put("a.ints", MetaValue.int32s(3, -1, 2))
        .put("a.floats", MetaValue.float32s(0.5f, -2.25f))
        .tensor("f32", TensorType.F32, new long[] {2, 3}, halves(6))
        .tensor("f16", TensorType.F16, new long[] {1, 4}, shorts(0, 0x3C00, 0x4000, 0x4200))
        .tensor("i32", TensorType.I32, new long[] {2}, ints(-1, 7))
        .tensor("q8_0", TensorType.Q8_0, new long[] {2, 32}, multiplesOfThree(68))
        .write(path);

    assertArrayEquals(Files.readAllBytes(golden("every_type.gguf")), Files.readAllBytes(path));
  }

  @Test
  void safetensors_ofTheReference_isRead() throws IOException {
    try (SafetensorsFile file = SafetensorsFile.open(golden("five.safetensors"))) {
      assertEquals("pt", file.metadata().string("format"));
      assertEquals(5, file.tensors().size());
      TensorInfo f32 = file.get("b.f32");
      assertArrayEquals(new long[] {2, 3}, f32.shape());
      assertEquals(2.5f, file.data(f32).get(ValueLayout.JAVA_FLOAT_UNALIGNED, 20));
      assertEquals(0, file.get("e.empty").bytes());
      assertEquals(0, file.get("c.i64").dims());
    }
  }

  @Test
  void safetensors_sameContent_isWrittenAsTheReferenceDoes() throws IOException {
    Path path = folder.resolve("m.safetensors");
    new SafetensorsWriter()
        .put("format", "pt")
        .tensor("a.f16", TensorType.F16, new long[] {3}, shorts(0, 0x3C00, 0x4000))
        .tensor("b.f32", TensorType.F32, new long[] {2, 3}, halves(6))
        .tensor("c.i64", TensorType.I64, new long[0], ints(-5, -1))
        .tensor("d.i8", TensorType.I8, new long[] {2, 1}, bytes(1, -2))
        .tensor("e.empty", TensorType.F32, new long[] {0, 4}, sink -> {})
        .write(path);

    assertArrayEquals(Files.readAllBytes(golden("five.safetensors")), Files.readAllBytes(path));
  }

  @Test
  void safetensors_withBoolean_opensWithoutIt() throws IOException {
    try (SafetensorsFile file = SafetensorsFile.open(golden("with_bool.safetensors"))) {
      assertEquals(List.of("w"), file.tensors().stream().map(TensorInfo::name).toList());
      assertEquals(Map.of("mask", "BOOL"), file.unreadable());
      String message =
          assertThrows(FormatException.class, () -> file.get("mask")).fault().message();
      assertTrue(message.contains("BOOL"), message);
    }
  }

  /** A copy in the test's folder, since a resource may be inside a jar. */
  private Path golden(String name) throws IOException {
    Path copy = folder.resolve("golden-" + name);
    try (InputStream in = GoldenTest.class.getResourceAsStream("golden/" + name)) {
      if (in == null) {
        throw new IOException("no resource " + name);
      }
      if (Files.notExists(copy)) {
        Files.copy(in, copy);
      }
    }
    return copy;
  }

  private static TensorSource halves(int count) {
    ByteBuffer out = littleEndian(4 * count);
    for (int i = 0; i < count; i++) {
      out.putFloat(i / 2f);
    }
    return source(out);
  }

  private static TensorSource shorts(int... values) {
    ByteBuffer out = littleEndian(2 * values.length);
    for (int value : values) {
      out.putShort((short) value);
    }
    return source(out);
  }

  private static TensorSource ints(int... values) {
    ByteBuffer out = littleEndian(4 * values.length);
    for (int value : values) {
      out.putInt(value);
    }
    return source(out);
  }

  private static TensorSource bytes(int... values) {
    ByteBuffer out = littleEndian(values.length);
    for (int value : values) {
      out.put((byte) value);
    }
    return source(out);
  }

  private static TensorSource multiplesOfThree(int count) {
    ByteBuffer out = littleEndian(count);
    for (int i = 0; i < count; i++) {
      out.put((byte) (3 * i));
    }
    return source(out);
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static TensorSource source(ByteBuffer bytes) {
    return TensorSource.of(MemorySegment.ofBuffer(bytes.flip()));
  }
}
