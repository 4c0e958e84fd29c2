package dev.nearside.format.safetensors;

import dev.nearside.base.Fault;
import dev.nearside.format.FormatException;
import dev.nearside.format.io.SegmentStream;
import dev.nearside.format.io.TensorIndex;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The JSON header of one safetensors file, checked against the file's size: the tensors' data
 * follows it without holes, overlaps or a remainder.
 *
 * @param metadata the {@code __metadata__} strings
 * @param tensors in the order of their data
 */
record Header(Map<String, String> metadata, List<Entry> tensors) {
  static final String METADATA = "__metadata__";

  /** The limit of the reference implementation. */
  static final long MAX_HEADER_BYTES = 100_000_000;

  static final int LENGTH_BYTES = 8;
  static final int MAX_DIMS = 16;
  private static final int MAX_METADATA = 1 << 16;

  private static final ValueLayout.OfLong LENGTH =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /**
   * One tensor.
   *
   * @param begin its first byte, from the start of the file
   * @param end the byte after its last
   */
  record Entry(String name, Dtype dtype, long[] shape, long begin, long end) {
    Entry from(long start) {
      return new Entry(name, dtype, shape, begin + start, end + start);
    }
  }

  /**
   * Reads the header at the start of {@code file}.
   *
   * @throws FormatException when it breaks a rule of the format
   */
  static Header parse(MemorySegment file) {
    long headerBytes = headerBytes(file);
    long dataStart = LENGTH_BYTES + headerBytes;
    MemorySegment json = file.asSlice(LENGTH_BYTES, headerBytes);
    if (headerBytes == 0 || json.get(ValueLayout.JAVA_BYTE, 0) != '{') {
      throw new FormatException(
          Fault.of("safetensors header does not begin with {").where("byte " + LENGTH_BYTES));
    }
    Header relative = Json.parse(new SegmentStream(json), "safetensors header", Header::read);
    List<Entry> tensors = new ArrayList<>(relative.tensors);
    tensors.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    checkLayout(tensors, file.byteSize() - dataStart);
    tensors.replaceAll(t -> t.from(dataStart));
    return new Header(relative.metadata, List.copyOf(tensors));
  }

  private static long headerBytes(MemorySegment file) {
    if (file.byteSize() < LENGTH_BYTES) {
      throw new FormatException(
          Fault.of("file is too short for a safetensors file")
              .got(file.byteSize() + " bytes")
              .expected("at least " + LENGTH_BYTES));
    }
    long length = file.get(LENGTH, 0);
    long most = Math.min(MAX_HEADER_BYTES, file.byteSize() - LENGTH_BYTES);
    if (length < 0 || length > most) {
      throw new FormatException(
          Fault.of("length of the safetensors header is impossible")
              .got(Long.toUnsignedString(length))
              .expected("at most " + most)
              .where("byte 0"));
    }
    return length;
  }

  private static Header read(JsonParser parser) {
    Map<String, String> metadata = null;
    Map<String, Entry> tensors = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      if (name.equals(METADATA)) {
        if (metadata != null) {
          throw new FormatException(Fault.of("key appears twice").got(name));
        }
        metadata = readMetadata(parser);
      } else if (tensors.put(name, readTensor(parser, name)) != null) {
        throw new FormatException(Fault.of("two tensors have the same name").got(name));
      } else if (tensors.size() > TensorIndex.MAX_TENSORS) {
        throw new FormatException(
            Fault.of("too many tensors").expected("at most " + TensorIndex.MAX_TENSORS));
      }
    }
    return new Header(metadata == null ? Map.of() : metadata, List.copyOf(tensors.values()));
  }

  private static Map<String, String> readMetadata(JsonParser parser) {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw Json.wrong(parser, METADATA, "an object of strings");
    }
    Map<String, String> metadata = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      parser.nextToken();
      if (metadata.put(key, Json.string(parser, METADATA + " " + key)) != null) {
        throw new FormatException(Fault.of("metadata key appears twice").got(key));
      }
      if (metadata.size() > MAX_METADATA) {
        throw new FormatException(
            Fault.of("too many metadata keys").expected("at most " + MAX_METADATA));
      }
    }
    return metadata;
  }

  private static Entry readTensor(JsonParser parser, String name) {
    String what = "tensor " + name;
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw Json.wrong(parser, what, "an object");
    }
    @Nullable Dtype dtype = null;
    long @Nullable [] shape = null;
    long @Nullable [] offsets = null;
    int fields = 0;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String field = parser.currentName();
      parser.nextToken();
      fields++;
      switch (field) {
        case "dtype" -> dtype = readDtype(parser, what);
        case "shape" -> shape = readCounts(parser, "shape of " + what, MAX_DIMS);
        case "data_offsets" -> offsets = readCounts(parser, "data_offsets of " + what, 2);
        default -> throw Json.wrong(parser, what + ", field " + field, "no such field");
      }
    }
    if (dtype == null || shape == null || offsets == null || fields != 3 || offsets.length != 2) {
      throw new FormatException(
          Fault.of("tensor is not described once by dtype, shape and two data_offsets")
              .where(what));
    }
    Entry entry = new Entry(name, dtype, shape, offsets[0], offsets[1]);
    checkSize(entry);
    return entry;
  }

  private static Dtype readDtype(JsonParser parser, String what) {
    String dtype = Json.string(parser, "dtype of " + what);
    return Dtype.ofName(dtype)
        .orElseThrow(() ->
            new FormatException(
                Fault.of("dtype is unknown")
                    .got(dtype)
                    .expected("one of " + Arrays.toString(Dtype.values()))
                    .where(what)));
  }

  private static long[] readCounts(JsonParser parser, String what, int most) {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw Json.wrong(parser, what, "an array");
    }
    long[] counts = new long[most];
    int size = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (size == most) {
        throw Json.wrong(parser, what, "at most " + most + " numbers");
      }
      counts[size++] = Json.count(parser, what);
    }
    return Arrays.copyOf(counts, size);
  }

  private static void checkSize(Entry entry) {
    long bits = entry.dtype.bits();
    for (long dim : entry.shape) {
      if (Math.multiplyHigh(bits, dim) != 0 || bits * dim < 0) {
        throw new FormatException(
            Fault.of("tensor is too large")
                .got(entry.dtype + Arrays.toString(entry.shape))
                .expected("below 2^63 bits")
                .where("tensor " + entry.name));
      }
      bits *= dim;
    }
    if (entry.end < entry.begin || bits % 8 != 0 || entry.end - entry.begin != bits / 8) {
      throw new FormatException(
          Fault.of("data_offsets do not fit dtype and shape")
              .got("[" + entry.begin + ", " + entry.end + "]")
              .expected(bits / 8.0 + " bytes for " + entry.dtype + Arrays.toString(entry.shape))
              .where("tensor " + entry.name));
    }
  }

  /** No hole, no overlap, nothing left over: what is not a tensor's is not in the file. */
  private static void checkLayout(List<Entry> sorted, long dataBytes) {
    long end = 0;
    for (Entry entry : sorted) {
      if (entry.begin != end || entry.end > dataBytes) {
        throw new FormatException(
            Fault.of("data of a tensor lies in the wrong place")
                .got("[" + entry.begin + ", " + entry.end + "]")
                .expected("from " + end + ", at most " + dataBytes)
                .where("tensor " + entry.name));
      }
      end = entry.end;
    }
    if (end != dataBytes) {
      throw new FormatException(
          Fault.of("file does not end with its last tensor")
              .got(dataBytes + " bytes of data")
              .expected(end));
    }
  }
}
