package dev.nearside.format.gguf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.format.FormatException;
import dev.nearside.format.MetaArray;
import dev.nearside.format.MetaType;
import dev.nearside.format.MetaValue;
import dev.nearside.format.Metadata;
import dev.nearside.format.TensorInfo;
import dev.nearside.tensor.TensorType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is written is what is read, whatever it is. */
class GgufRoundTripTest {
  @TempDir Path folder;

  private record Model(
      int version, Map<String, MetaValue> metadata, List<TensorInfo> tensors, List<byte[]> data) {
    GgufWriter writer() {
      GgufWriter writer = new GgufWriter().version(version).putAll(Metadata.of(metadata));
      for (int i = 0; i < tensors.size(); i++) {
        TensorInfo tensor = tensors.get(i);
        MemorySegment bytes = MemorySegment.ofArray(data.get(i));
        writer.tensor(
            tensor.name(),
            tensor.type(),
            tensor.shape(),
            sink -> {
              // In two pieces, since sources write in pieces.
              long half = bytes.byteSize() / 2;
              sink.write(bytes.asSlice(0, half));
              sink.write(bytes.asSlice(half));
            });
      }
      return writer;
    }

    void assertIn(GgufFile file) {
      assertEquals(tensors.size(), file.tensors().size());
      for (int i = 0; i < tensors.size(); i++) {
        TensorInfo read = file.tensors().get(i);
        assertEquals(tensors.get(i), read.at(0, 0));
        assertArrayEquals(data.get(i), file.data(read).toArray(ValueLayout.JAVA_BYTE));
      }
    }
  }

  static Stream<Long> seeds() {
    return Stream.iterate(1L, seed -> seed + 1).limit(60);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void writeThenOpen_randomModel_isTheSame(long seed) {
    Model model = random(seed);
    Path path = folder.resolve("m.gguf");

    model.writer().write(path);

    try (GgufFile file = GgufFile.open(path)) {
      assertEquals(model.version, file.headers().getFirst().version());
      assertEquals(
          List.copyOf(model.metadata.entrySet()), List.copyOf(file.metadata().values().entrySet()));
      model.assertIn(file);
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void writeSplitThenOpen_randomModel_isTheSame(long seed) {
    Model model = random(seed);

    List<Path> paths = model.writer().writeSplit(folder.resolve("m"), 500);

    try (GgufFile file = GgufFile.open(paths.getLast())) {
      assertEquals(paths, file.paths());
      model.metadata.forEach(
          (key, value) -> assertEquals(value, file.metadata().find(key).orElseThrow()));
      model.assertIn(file);
    }
  }

  @Test
  void write_sourceOfWrongSize_leavesTheOldFile() throws IOException {
    Path path = Files.writeString(folder.resolve("m.gguf"), "old");
    for (int bytes : new int[] {0, 3, 5}) {
      GgufWriter writer =
          new GgufWriter()
              .tensor(
                  "w",
                  TensorType.F32,
                  new long[] {1},
                  sink -> sink.write(MemorySegment.ofArray(new byte[bytes])));

      String message =
          assertThrows(FormatException.class, () -> writer.write(path)).fault().message();

      assertTrue(message.contains("tensor w"), message);
      assertEquals("old", Files.readString(path));
      try (Stream<Path> files = Files.list(folder)) {
        assertEquals(List.of(path), files.toList());
      }
    }
  }

  @Test
  void tensor_nameTwiceOrImpossible_isRejected() {
    GgufWriter writer = new GgufWriter().tensor("w", TensorType.F32, new long[] {1}, sink -> {});

    for (String name : List.of("w", "", "x".repeat(256))) {
      assertThrows(
          FormatException.class,
          () -> writer.tensor(name, TensorType.F32, new long[] {1}, sink -> {}));
    }
    assertThrows(
        FormatException.class,
        () -> writer.tensor("v", TensorType.F32, new long[] {1, 1, 1, 1, 1}, sink -> {}));
    assertThrows(
        FormatException.class,
        () -> writer.tensor("v", TensorType.Q4_0, new long[] {32, 31}, sink -> {}));
  }

  @Test
  void put_sameKeyAgain_movesItLast() {
    Path path = folder.resolve("m.gguf");

    new GgufWriter().put("a", "1").put("b", "2").put("a", "3").write(path);

    assertEquals("{b=2, a=3}", GgufFile.readHeader(path).metadata().asMap().toString());
  }

  private static Model random(long seed) {
    RandomGenerator random = new SplittableRandom(seed);
    Map<String, MetaValue> metadata = new LinkedHashMap<>();
    metadata.put("general.alignment", MetaValue.uint32(8L << random.nextInt(5)));
    int keys = random.nextInt(20);
    for (int i = 0; i < keys; i++) {
      metadata.put(text(random) + i, value(random, pick(random, MetaType.values())));
    }
    List<TensorInfo> tensors = new ArrayList<>();
    List<byte[]> data = new ArrayList<>();
    int count = random.nextInt(8);
    for (int i = 0; i < count; i++) {
      TensorType type = pick(random, TensorType.values());
      long[] shape = new long[random.nextInt(1, 5)];
      for (int d = 0; d < shape.length; d++) {
        shape[d] = random.nextInt(3);
      }
      shape[shape.length - 1] = (long) type.blockElems() * random.nextInt(4);
      TensorInfo tensor = TensorInfo.sized("t." + i + text(random), type, shape, 0, 0);
      byte[] bytes = new byte[(int) tensor.bytes()];
      random.nextBytes(bytes);
      tensors.add(tensor);
      data.add(bytes);
    }
    return new Model(2 + random.nextInt(2), metadata, tensors, data);
  }

  private static <T> T pick(RandomGenerator random, T[] from) {
    return from[random.nextInt(from.length)];
  }

  private static MetaValue value(RandomGenerator random, MetaType type) {
    return switch (type) {
      case UINT8, INT8, UINT16, INT16, UINT32, INT32, UINT64, INT64 ->
          new MetaValue.Whole(type, integer(random, type));
      case FLOAT32 -> MetaValue.float32(random.nextFloat(-1e30f, 1e30f));
      case FLOAT64 -> new MetaValue.Real(type, random.nextDouble(-1e300, 1e300));
      case BOOL -> MetaValue.of(random.nextBoolean());
      case STRING -> MetaValue.of(text(random));
      case ARRAY -> new MetaValue.Many(array(random));
    };
  }

  private static MetaArray array(RandomGenerator random) {
    int size = random.nextInt(6);
    MetaType type = pick(random, MetaType.values());
    if (type == MetaType.STRING || type == MetaType.ARRAY) {
      return MetaArray.ofStrings(Stream.generate(() -> text(random)).limit(size).toList());
    }
    byte[] raw = new byte[size * type.bytes()];
    random.nextBytes(raw);
    for (int i = 0; type == MetaType.BOOL && i < size; i++) {
      raw[i] &= 1;
    }
    return MetaArray.ofRaw(type, size, raw);
  }

  private static long integer(RandomGenerator random, MetaType type) {
    int bits = 8 * type.bytes();
    boolean isSigned = type.name().startsWith("I");
    long value = random.nextLong();
    return isSigned ? value >> (64 - bits) : bits == 64 ? value : value >>> (64 - bits);
  }

  private static String text(RandomGenerator random) {
    StringBuilder text = new StringBuilder();
    String alphabet = "az.09_ é▁世\uFFFD\0";
    for (int i = random.nextInt(6); i >= 0; i--) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.append(random.nextBoolean() ? "😀" : "").toString();
  }
}
