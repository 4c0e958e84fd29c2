package dev.nearside.format.gguf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.format.FormatException;
import dev.nearside.format.MetaType;
import dev.nearside.format.MetaValue;
import dev.nearside.format.TensorInfo;
import dev.nearside.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** If one of these fails, a hostile file gets past the first gate. */
class HeaderParserTest {
  private static final int F32 = TensorType.F32.ggmlId();

  @Test
  void header_wellFormed_isReadWithShapeReversed() {
    GgufHeader header =
        RawGguf.header(3, 2, 2)
            .uint32("general.alignment", 64)
            .key("name", 8)
            .string("ä")
            .tensor("w", F32, 0, 3, 2)
            .tensor("b", TensorType.Q8_0.ggmlId(), 64, 32)
            .parse();

    assertEquals(3, header.version());
    assertEquals(64, header.alignment());
    assertEquals("ä", header.metadata().string("name"));
    TensorInfo w = header.tensors().getFirst();
    assertArrayEquals(new long[] {2, 3}, w.shape());
    assertEquals(24, w.bytes());
    assertEquals(0, header.dataOffset() % 64);
    assertEquals(header.dataOffset(), w.offset());
    assertEquals(header.dataOffset() + 64 + 34, header.endOfData());
  }

  @Test
  void header_everyScalarType_keepsValueAndType() {
    var metadata =
        RawGguf.header(2, 0, 12)
            .key("u8", 0)
            .bytes((byte) 0xFF)
            .key("i8", 1)
            .bytes((byte) 0xFF)
            .key("u16", 2)
            .bytes((byte) 0xFE, (byte) 0xFF)
            .key("i16", 3)
            .bytes((byte) 0xFE, (byte) 0xFF)
            .key("u32", 4)
            .int32(-1)
            .key("i32", 5)
            .int32(-1)
            .key("f32", 6)
            .int32(Float.floatToRawIntBits(1.5f))
            .key("bool", 7)
            .bytes((byte) 1)
            .key("string", 8)
            .string("")
            .key("u64", 10)
            .int64(-1)
            .key("i64", 11)
            .int64(-1)
            .key("f64", 12)
            .int64(Double.doubleToRawLongBits(-0.1))
            .parse()
            .metadata();

    assertEquals(
        List.of(
            new MetaValue.Whole(MetaType.UINT8, 255),
            new MetaValue.Whole(MetaType.INT8, -1),
            new MetaValue.Whole(MetaType.UINT16, 65534),
            new MetaValue.Whole(MetaType.INT16, -2),
            new MetaValue.Whole(MetaType.UINT32, 4294967295L),
            new MetaValue.Whole(MetaType.INT32, -1),
            new MetaValue.Real(MetaType.FLOAT32, 1.5),
            new MetaValue.Flag(true),
            new MetaValue.Text(""),
            new MetaValue.Whole(MetaType.UINT64, -1),
            new MetaValue.Whole(MetaType.INT64, -1),
            new MetaValue.Real(MetaType.FLOAT64, -0.1)),
        List.copyOf(metadata.values().values()));
  }

  @Test
  void header_scalarTensor_hasOneElement() {
    TensorInfo scalar = RawGguf.header(3, 1, 0).tensor("s", F32, 0).parse().tensors().getFirst();

    assertEquals(4, scalar.bytes());
    assertEquals(1, scalar.rows() * scalar.cols());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4, 0x03000000, -1})
  void version_notTwoOrThree_isRejected(int version) {
    rejects("version", RawGguf.header(version, 0, 0));
  }

  @Test
  void magic_other_isRejected() {
    rejects("not a GGUF file", new RawGguf().ascii("GGML").zeros(20));
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 1, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 32})
  void counts_beyondFile_areRejectedBeforeAllocation(long count) {
    rejects("number of tensors", RawGguf.header(3, count, 0));
    rejects("number of metadata keys", RawGguf.header(3, 0, count));
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 65, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 61})
  void lengths_beyondFile_areRejected(long length) {
    rejects("metadata key 0", RawGguf.header(3, 0, 1).int64(length).zeros(16));
    rejects("value of", RawGguf.header(3, 0, 1).key("k", 8).int64(length).zeros(16));
    rejects("array", RawGguf.header(3, 0, 1).key("k", 9).int32(0).int64(length).zeros(16));
    rejects("array", RawGguf.header(3, 0, 1).key("k", 9).int32(8).int64(length).zeros(16));
    rejects("name of tensor 0", RawGguf.header(3, 1, 0).int64(length).zeros(64));
  }

  @Test
  void arrayOfStrings_oneTooLong_isRejected() {
    rejects(
        "array of metadata key k",
        RawGguf.header(3, 0, 1).key("k", 9).int32(8).int64(2).string("a").int64(99).zeros(9));
  }

  @Test
  void arrays_nestedOrOfUnknownType_areRejected() {
    rejects("arrays of arrays", RawGguf.header(3, 0, 1).key("k", 9).int32(9).int64(0).zeros(8));
    rejects("type of metadata", RawGguf.header(3, 0, 1).key("k", 9).int32(13).int64(0));
    rejects("type of metadata", RawGguf.header(3, 0, 1).key("k", -1).int64(0));
  }

  @Test
  void keys_emptyTwiceOrNotUtf8_areRejected() {
    rejects("empty", RawGguf.header(3, 0, 1).uint32("", 0));
    rejects("twice", RawGguf.header(3, 0, 2).uint32("k", 0).uint32("k", 0));
    rejects(
        "UTF-8",
        RawGguf.header(3, 0, 1).int64(2).bytes((byte) 0xC0, (byte) 0x80).int32(4).int32(0));
    rejects("UTF-8", RawGguf.header(3, 0, 1).key("k", 8).int64(1).bytes((byte) 0xFF).zeros(8));
    rejects("65535", RawGguf.header(3, 0, 1).uint32("k".repeat(65536), 0));
  }

  @Test
  void flags_otherThanZeroAndOne_areRejected() {
    rejects("not a boolean", RawGguf.header(3, 0, 1).key("k", 7).bytes((byte) 2));
    rejects(
        "not a boolean",
        RawGguf.header(3, 0, 1).key("k", 9).int32(7).int64(2).bytes((byte) 1, (byte) 2));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 4, 33, 1 << 22, 1 << 30, 1 << 31})
  void alignment_notASanePowerOfTwo_isRejected(int alignment) {
    rejects("alignment", RawGguf.header(3, 0, 1).uint32("general.alignment", alignment));
  }

  @Test
  void alignment_ofAnotherType_isRejected() {
    rejects("alignment", RawGguf.header(3, 0, 1).key("general.alignment", 8).string("32"));
    rejects("alignment", RawGguf.header(3, 0, 1).key("general.alignment", 10).int64(32));
  }

  @Test
  void tensor_impossibleShape_isRejected() {
    rejects("dimensions", tensor(0, 1, 1, 1, 1, 1));
    rejects("negative", tensor(0, -1));
    rejects("too many elements", tensor(0, 1L << 32, 1L << 32));
    rejects("too many elements", tensor(0, Long.MAX_VALUE, 2));
    rejects("too large", tensor(0, Long.MAX_VALUE));
    rejects(
        "whole number of blocks",
        RawGguf.header(3, 1, 0).tensor("w", TensorType.Q4_K.ggmlId(), 0, 32, 8));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 4, 5, 31, 33, 36, 64, Integer.MAX_VALUE})
  void tensor_unknownType_isRejected(int type) {
    rejects("tensor type", RawGguf.header(3, 1, 0).tensor("w", type, 0, 32));
  }

  @ParameterizedTest
  @ValueSource(longs = {-32, 1, 31, Long.MIN_VALUE})
  void tensor_impossibleOffset_isRejected(long offset) {
    rejects("offset", tensor(offset, 1));
  }

  @Test
  void tensor_endBeyondAnyFile_isRejected() {
    rejects("beyond any file", tensor(Long.MAX_VALUE & -32, 1));
    rejects("beyond any file", tensor(1L << 62, 1L << 60));
  }

  @Test
  void tensors_sameNameOrNone_areRejected() {
    rejects("same name", RawGguf.header(3, 2, 0).tensor("w", F32, 0, 1).tensor("w", F32, 32, 1));
    rejects("no name", RawGguf.header(3, 1, 0).tensor("", F32, 0, 1).zeros(8));
  }

  @Test
  void tensors_overlapping_areRejectedInAnyOrder() {
    rejects("overlap", RawGguf.header(3, 2, 0).tensor("a", F32, 0, 16).tensor("b", F32, 32, 1));
    rejects("overlap", RawGguf.header(3, 2, 0).tensor("a", F32, 32, 1).tensor("b", F32, 0, 9));
    rejects("overlap", RawGguf.header(3, 2, 0).tensor("a", F32, 0, 1).tensor("b", F32, 0, 1));
  }

  @Test
  void header_cutAnywhere_isRejected() {
    byte[] whole =
        RawGguf.header(3, 1, 2)
            .key("k", 9)
            .int32(8)
            .int64(2)
            .string("a")
            .string("bc")
            .uint32("n", 7)
            .tensor("w", F32, 0, 3, 2)
            .toBytes();
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThrows(
          FormatException.class, () -> new RawGguf().bytes(cut).parse(), "cut at " + length);
    }
    assertEquals(1, new RawGguf().bytes(whole).parse().tensors().size());
  }

  private static RawGguf tensor(long offset, long... ne) {
    return RawGguf.header(3, 1, 0).tensor("w", F32, offset, ne);
  }

  private static void rejects(String part, RawGguf file) {
    String message = assertThrows(FormatException.class, file::parse).fault().message();
    assertTrue(message.contains(part), message);
  }
}
