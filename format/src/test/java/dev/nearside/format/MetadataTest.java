package dev.nearside.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** If one of these fails, a model is built from a number that is not in its file. */
class MetadataTest {
  private static final Metadata SAMPLE =
      Metadata.of(
          new LinkedHashMap<>(
              Map.of(
                  "text", MetaValue.of("llama"),
                  "flag", MetaValue.of(true),
                  "u32", MetaValue.uint32(4_000_000_000L),
                  "u64", new MetaValue.Whole(MetaType.UINT64, -1),
                  "f32", MetaValue.float32(1e-6f),
                  "strings", MetaValue.strings(List.of("a", "", "▁世")),
                  "ints", MetaValue.int32s(3, -1),
                  "floats", MetaValue.float32s(0.5f, -2))));

  @Test
  void getters_rightType_giveTheValue() {
    assertEquals("llama", SAMPLE.string("text"));
    assertTrue(SAMPLE.flag("flag"));
    assertEquals(4_000_000_000L, SAMPLE.integer("u32"));
    assertEquals(1e-6f, (float) SAMPLE.real("f32"));
    assertEquals(4e9, SAMPLE.real("u32"));
    assertEquals(List.of("a", "", "▁世"), SAMPLE.strings("strings"));
    assertArrayEquals(new int[] {3, -1}, SAMPLE.ints("ints"));
    assertArrayEquals(new float[] {0.5f, -2}, SAMPLE.floats("floats"));
  }

  @Test
  void finders_missingKey_areEmpty() {
    assertEquals(Optional.empty(), SAMPLE.findString("no"));
    assertTrue(SAMPLE.findInteger("no").isEmpty());
    assertTrue(SAMPLE.findReal("no").isEmpty());
    assertEquals(Optional.empty(), SAMPLE.findStrings("no"));
    assertEquals(Optional.empty(), SAMPLE.findPerLayer("no", 3));
    assertFalse(SAMPLE.has("no"));
  }

  @Test
  void getters_missingKey_nameIt() {
    rejects("missing", "no.key", () -> SAMPLE.string("no.key"));
    rejects("missing", "no.key", () -> SAMPLE.integer("no.key"));
    rejects("missing", "no.key", () -> SAMPLE.floats("no.key"));
  }

  @Test
  void getters_anotherType_sayWhichAndWhere() {
    rejects("STRING", "text", () -> SAMPLE.integer("text"));
    rejects("STRING", "text", () -> SAMPLE.findReal("text"));
    rejects("FLOAT32", "f32", () -> SAMPLE.integer("f32"));
    rejects("BOOL", "flag", () -> SAMPLE.string("flag"));
    rejects("ARRAY", "ints", () -> SAMPLE.int32("ints"));
    rejects("UINT32", "u32", () -> SAMPLE.ints("u32"));
    rejects("INT32", "ints", () -> SAMPLE.strings("ints"));
    rejects("STRING", "strings", () -> SAMPLE.floats("strings"));
  }

  @Test
  void integers_outOfRange_areRejected() {
    rejects("out of range", "u32", () -> SAMPLE.int32("u32"));
    rejects("18446744073709551615", "u64", () -> SAMPLE.integer("u64"));
    assertThrows(FormatException.class, () -> MetaValue.uint32(-1));
  }

  @Test
  void strings_notUtf8_nameElement() {
    byte[] raw = {1, 0, 0, 0, 0, 0, 0, 0, 'a', 1, 0, 0, 0, 0, 0, 0, 0, (byte) 0x80};
    Metadata metadata =
        Metadata.of(Map.of("t", new MetaValue.Many(MetaArray.ofRaw(MetaType.STRING, 2, raw))));

    rejects("element 1", "metadata key t", () -> metadata.strings("t"));
  }

  @Test
  void strings_withReplacementCharacter_areKept() {
    Metadata metadata = Metadata.of(Map.of("t", MetaValue.strings(List.of("\uFFFD"))));

    assertEquals(List.of("\uFFFD"), metadata.strings("t"));
  }

  @Test
  void perLayer_numberOrArray_givesOnePerLayer() {
    Metadata metadata = Metadata.of(Map.of("n", MetaValue.uint32(4), "a", MetaValue.int32s(1, 2)));

    assertArrayEquals(new int[] {4, 4, 4}, metadata.perLayer("n", 3));
    assertArrayEquals(new int[] {1, 2}, metadata.perLayer("a", 2));
    rejects("per layer", "a", () -> metadata.perLayer("a", 3));
  }

  @Test
  void asMap_everyKind_isPlainJava() {
    Map<String, Object> map = SAMPLE.asMap();

    assertEquals(1e-6f, map.get("f32"));
    assertEquals(4_000_000_000L, map.get("u32"));
    assertEquals(new BigInteger("18446744073709551615"), map.get("u64"));
    assertArrayEquals(new int[] {3, -1}, (int[]) map.get("ints"));
  }

  @Test
  void ofRaw_wrongSize_isRejected() {
    assertThrows(FormatException.class, () -> MetaArray.ofRaw(MetaType.INT32, 2, new byte[7]));
    assertThrows(FormatException.class, () -> MetaArray.ofRaw(MetaType.STRING, 1, new byte[7]));
    assertThrows(FormatException.class, () -> MetaArray.ofRaw(MetaType.STRING, 1, new byte[9]));
    assertThrows(FormatException.class, () -> MetaArray.ofRaw(MetaType.INT8, -1, new byte[0]));
  }

  private static void rejects(String part, String key, Executable call) {
    String message = assertThrows(FormatException.class, call).fault().message();
    assertTrue(message.contains(part) && message.contains(key), message);
  }
}
