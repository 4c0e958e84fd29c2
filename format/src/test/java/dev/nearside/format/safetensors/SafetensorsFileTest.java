package dev.nearside.format.safetensors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.format.FormatException;
import dev.nearside.format.TensorInfo;
import dev.nearside.format.TensorSource;
import dev.nearside.tensor.TensorType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** If one of these fails, a hostile or damaged safetensors file is believed. */
class SafetensorsFileTest {
  private static final String W = "\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";

  @TempDir Path folder;

  @Test
  void header_wellFormed_isRead() {
    Header header = parse("{\"__metadata__\":{\"k\":\"v\"}," + W + "} \n", 8);

    assertEquals(Map.of("k", "v"), header.metadata());
    assertEquals(8, header.tensors().getFirst().end() - header.tensors().getFirst().begin());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "JSON is broken|{'w':",
        "JSON is broken|{'w':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},}",
        "does not begin|[]",
        "does not begin|  {}",
        "follows the JSON|{} {}",
        "same name|{W,W}",
        "appears twice|{'__metadata__':{},'__metadata__':{}}",
        "appears twice|{'__metadata__':{'a':'','a':''}}",
        "a string|{'__metadata__':{'a':1}}",
        "an object|{'w':1}",
        "not described once|{'w':{}}",
        "not described once|{'w':{'dtype':'F32','dtype':'F32','shape':[],'data_offsets':[0,4]}}",
        "not described once|{'w':{'dtype':'F32','shape':[2],'data_offsets':[8]}}",
        "no such field|{'w':{'dtype':'F32','shape':[2],'data_offsets':[0,8],'x':1}}",
        "dtype is unknown|{'w':{'dtype':'f32','shape':[2],'data_offsets':[0,8]}}",
        "an integer|{'w':{'dtype':'F32','shape':[2.0],'data_offsets':[0,8]}}",
        "an integer|{'w':{'dtype':'F32','shape':['2'],'data_offsets':[0,8]}}",
        "not negative|{'w':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}}",
        "below 2^63|{'w':{'dtype':'F32','shape':[9223372036854775808],'data_offsets':[0,8]}}",
        "too large|{'w':{'dtype':'F32','shape':[4294967296,4294967296],'data_offsets':[0,8]}}",
        "at most 2 numbers|{'w':{'dtype':'F32','shape':[2],'data_offsets':[0,8,8]}}",
        "do not fit|{'w':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}}",
        "do not fit|{'w':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}}",
        "do not fit|{'w':{'dtype':'F4','shape':[3],'data_offsets':[0,1]}}",
        "wrong place|{'w':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}",
        "wrong place|{'w':{'dtype':'F32','shape':[3],'data_offsets':[0,12]}}",
        "wrong place|{W,'v':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}",
        "does not end|{}",
        "does not end|{'w':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}",
      },
      quoteCharacter = '`',
      ignoreLeadingAndTrailingWhitespace = false)
  void header_brokenRule_isRejected(String part, String json) {
    rejects(part, () -> parse(json.replace('\'', '"').replace("W", W), 8));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, 3, 100_000_001, Long.MAX_VALUE, Long.MIN_VALUE})
  void headerLength_impossible_isRejected(long length) {
    byte[] file =
        ByteBuffer.allocate(10)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(length)
            .put((byte) '{')
            .put((byte) '}')
            .array();

    rejects("header", () -> Header.parse(MemorySegment.ofArray(file)));
  }

  @Test
  void header_otherEncodings_areRejected() {
    byte[] utf16 = "{}".getBytes(StandardCharsets.UTF_16LE);
    rejects("JSON is broken", () -> parse(utf16, 0));
    byte[] bad = "{\"__metadata__\":{\"a\":\"_\"}}".getBytes(StandardCharsets.US_ASCII);
    bad[22] = (byte) 0xFF;
    rejects("JSON is broken", () -> parse(bad, 0));
  }

  @Test
  void header_deepJson_isRejected() {
    rejects("a string", () -> parse("{\"__metadata__\":{\"x\":" + "[".repeat(100_000), 0));
    rejects("an integer", () -> parse("{\"w\":{\"shape\":" + "[".repeat(100_000), 0));
  }

  @Test
  void index_deepJson_isRejected() throws IOException {
    index("{\"metadata\":" + "[".repeat(100_000));
    rejects("depth", () -> SafetensorsFile.open(folder).close());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void writeThenOpen_randomTensors_areTheSame(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<TensorType> types =
        List.of(TensorType.F32, TensorType.F16, TensorType.BF16, TensorType.I8, TensorType.I64);
    SafetensorsWriter writer = new SafetensorsWriter().put("ключ \"\\", "▁\n");
    Map<String, byte[]> written = new LinkedHashMap<>();
    for (int i = 0; i < 20; i++) {
      TensorType type = types.get(random.nextInt(types.size()));
      long[] shape = random.ints(random.nextInt(1, 4), 0, 5).asLongStream().toArray();
      byte[] data = new byte[(int) TensorInfo.sized("", type, shape, 0, 0).bytes()];
      random.nextBytes(data);
      String name = "слой." + i + ".\"weight\"";
      written.put(name, data);
      writer.tensor(name, type, shape, TensorSource.of(MemorySegment.ofArray(data)));
    }

    writer.write(folder.resolve("model.safetensors"));
    Path shards = folder.resolve("shards");
    assertTrue(shards.toFile().mkdir());
    int files = writer.writeSharded(shards, 100).size();

    assertTrue(files > 1, "one shard only");
    for (Path path : List.of(folder, shards, shards.resolve(ShardIndex.FILE_NAME))) {
      try (SafetensorsFile file = SafetensorsFile.open(path)) {
        assertEquals("▁\n", file.metadata().string("ключ \"\\"));
        assertEquals(written.size(), file.tensors().size());
        written.forEach((name, data) ->
            assertArrayEquals(
                data, file.data(file.get(name)).toArray(ValueLayout.JAVA_BYTE), name));
      }
    }
  }

  @Test
  void index_outsideItsFolder_isRejected() throws IOException {
    for (String name : List.of("../m.safetensors", "/m.safetensors", "a\\m.safetensors", "m.bin")) {
      index("{\"weight_map\":{\"w\":\"" + name.replace("\\", "\\\\") + "\"}}");
      rejects("same folder", () -> SafetensorsFile.open(folder).close());
    }
  }

  @Test
  void index_thatLies_isRejected() throws IOException {
    Files.write(folder.resolve("a.safetensors"), bytes("{" + W + "}", 8));
    index("{\"weight_map\":{\"w\":\"b.safetensors\"}}");
    rejects("does not exist", () -> SafetensorsFile.open(folder).close());
    index("{\"weight_map\":{\"w\":\"a.safetensors\",\"v\":\"a.safetensors\"}}");
    rejects("no tensor v", () -> SafetensorsFile.open(folder).close());
    index("{\"weight_map\":{\"w\":\"a.safetensors\",\"w\":\"a.safetensors\"}}");
    rejects("twice", () -> SafetensorsFile.open(folder).close());
    index("{\"weight_map\":{}}");
    rejects("no weight_map", () -> SafetensorsFile.open(folder).close());
    index("{\"metadata\":{\"total_size\":8},\"weight_map\":{\"w\":\"a.safetensors\"}}");
    SafetensorsFile.open(folder).close();
  }

  @Test
  void open_folder_findsTheOnlyFileOrSaysWhy() throws IOException {
    rejects("no .safetensors file", () -> SafetensorsFile.open(folder).close());
    Files.write(folder.resolve("a.safetensors"), bytes("{" + W + "}", 8));
    SafetensorsFile.open(folder).close();
    Files.write(folder.resolve("b.safetensors"), bytes("{" + W + "}", 8));
    rejects("several", () -> SafetensorsFile.open(folder).close());
  }

  @Test
  void open_tensorBeyondFourGigabytes_isRead() throws IOException {
    long first = 5L << 30;
    String json =
        String.format(
            "{\"big\":{\"dtype\":\"I8\",\"shape\":[%1$d],\"data_offsets\":[0,%1$d]},"
                + "\"far\":{\"dtype\":\"I8\",\"shape\":[3],\"data_offsets\":[%1$d,%2$d]}}",
            first, first + 3);
    byte[] header = bytes(json, 0);
    Path path = folder.resolve("sparse.safetensors");
    try (FileChannel out =
        FileChannel.open(
            path,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.SPARSE)) {
      out.write(ByteBuffer.wrap(header));
      out.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), header.length + first);
    }

    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertArrayEquals(
          new byte[] {1, 2, 3}, file.data(file.get("far")).toArray(ValueLayout.JAVA_BYTE));
    }
  }

  @Test
  void writer_typesAndNames_areChecked() {
    SafetensorsWriter writer =
        new SafetensorsWriter().tensor("w", TensorType.F32, new long[] {1}, sink -> {});
    rejects("no such type", () -> writer.tensor("q", TensorType.Q4_0, new long[] {32}, sink -> {}));
    rejects("same name", () -> writer.tensor("w", TensorType.F32, new long[] {1}, sink -> {}));
    rejects(
        "can't be written",
        () -> writer.tensor("__metadata__", TensorType.F32, new long[] {1}, sink -> {}));
    rejects("another size", () -> writer.write(folder.resolve("m.safetensors")));
    assertArrayEquals(new String[0], folder.toFile().list());
  }

  private void index(String json) throws IOException {
    Files.writeString(folder.resolve(ShardIndex.FILE_NAME), json);
  }

  private static Header parse(String json, int dataBytes) {
    return Header.parse(MemorySegment.ofArray(bytes(json, dataBytes)));
  }

  private static Header parse(byte[] json, int dataBytes) {
    return Header.parse(MemorySegment.ofArray(bytes(json, dataBytes)));
  }

  private static byte[] bytes(String json, int dataBytes) {
    return bytes(json.getBytes(StandardCharsets.UTF_8), dataBytes);
  }

  private static byte[] bytes(byte[] json, int dataBytes) {
    return ByteBuffer.allocate(8 + json.length + dataBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .array();
  }

  private static void rejects(String part, Executable call) {
    String message = assertThrows(FormatException.class, call).fault().message();
    assertTrue(message.contains(part), message);
  }
}
