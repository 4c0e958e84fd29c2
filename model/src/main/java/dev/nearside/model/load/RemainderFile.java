package dev.nearside.model.load;

import dev.nearside.base.Fault;
import dev.nearside.format.FormatException;
import dev.nearside.format.Metadata;
import dev.nearside.format.TensorFile;
import dev.nearside.format.TensorInfo;
import dev.nearside.format.gguf.GgufFile;
import dev.nearside.format.gguf.GgufHeader;
import dev.nearside.model.layer.BlockRows;
import dev.nearside.tensor.kernel.Unpacker;
import dev.nearside.tensor.quant.QuantFormat;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A model file whose original was dropped: its packed weights, and a <em>remainder</em> that holds
 * all that those lack: the header, tensors that are not packed, and what is not quite the same when
 * it is unpacked. It reads like the original. Weights that kernels of the same layout adopt are
 * never unpacked; others are, when they are asked for.
 *
 * <p>The remainder is a {@link PieceFile}: its source is digest and size of the original, its
 * layout the {@link PieceFile#identity} of the packed file. The piece {@code dropped} has a line
 * {@code OFFSET NAME} for each packed piece; a piece {@code kept@OFFSET} has the bytes from there.
 */
public final class RemainderFile implements TensorFile {
  /** How the names of remainders end; the packed file has {@link PackedPlace#SUFFIX} instead. */
  public static final String SUFFIX = ".remainder";

  static final String KIND = "nearside.remainder";
  static final String DROPPED = "dropped";
  static final String KEPT = "kept@";

  /** What is unpacked at once, about. */
  private static final long CHUNK = 8L << 20;

  private final PieceFile remainder;
  private final Path packedPath;
  private final List<Range> ranges;
  private final GgufHeader header;
  private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();
  private final Arena arena = Arena.ofShared(); // of what was unpacked
  private final Map<String, MemorySegment> unpacked = new HashMap<>();
  private @Nullable PieceFile packed;

  private RemainderFile(PieceFile remainder, Path packedPath) {
    this.remainder = remainder;
    this.packedPath = packedPath;
    ranges = Range.of(remainder);
    MemorySegment first = ranges.getFirst().kept();
    if (first == null) {
      throw broken("no header");
    }
    header = GgufFile.readHeader(first, remainder.path());
    header.tensors().forEach(tensor -> tensors.put(tensor.name(), tensor));
  }

  /**
   * Opens a model by its remainder; its packed weights lie beside it.
   *
   * @throws FormatException when it is broken
   */
  public static RemainderFile open(Path remainder) {
    return open(remainder, packedPath(remainder));
  }

  /** Where the packed weights of a remainder lie. */
  public static Path packedPath(Path remainder) {
    String name = String.valueOf(remainder.getFileName());
    String stem = name.substring(0, name.length() - SUFFIX.length());
    return remainder.resolveSibling(stem + PackedPlace.SUFFIX);
  }

  static RemainderFile open(Path remainder, Path packed) {
    PieceFile file = PieceFile.open(remainder);
    try {
      Optional<String> fault = PackedCache.check(file, Clock.systemUTC());
      if (!file.head().kind().equals(KIND) || fault.isPresent()) {
        throw damaged(fault.orElse("another kind of file"), remainder, null);
      }
      return new RemainderFile(file, packed);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** Whether a path is that of a remainder. */
  public static boolean isAt(Path path) {
    return path.toString().endsWith(SUFFIX);
  }

  private static FormatException damaged(String what, Path where, @Nullable Throwable cause) {
    return new FormatException(
        Fault.of("what was kept of a dropped original is damaged or missing")
            .got(what)
            .where(where)
            .hint("Run: nearside pull --original MODEL"),
        cause);
  }

  private FormatException broken(String what) {
    return damaged(what, remainder.path(), null);
  }

  /** The packed weights, checked. */
  synchronized PieceFile packed() {
    if (packed == null) {
      PieceFile found;
      try {
        found = PieceFile.open(packedPath);
      } catch (FormatException e) {
        throw damaged(e.fault().message(), packedPath, e);
      }
      Optional<String> fault =
          found.identity().equals(remainder.head().layout())
              ? PackedCache.check(found, Clock.systemUTC())
              : Optional.of("packed weights of something else");
      if (fault.isPresent()) {
        found.close();
        throw damaged(fault.get(), packedPath, null);
      }
      packed = found;
    }
    return packed;
  }

  /** Bytes of the original. */
  public long originalBytes() {
    Range last = ranges.getLast();
    return last.offset() + last.bytes();
  }

  /** The digest of the original, as the remainder has it. */
  public String originalSha256() {
    return remainder.head().source();
  }

  @Override
  public Metadata metadata() {
    return header.metadata();
  }

  @Override
  public List<TensorInfo> tensors() {
    return header.tensors();
  }

  @Override
  public Optional<TensorInfo> find(String name) {
    return Optional.ofNullable(tensors.get(name));
  }

  @Override
  public synchronized MemorySegment data(TensorInfo tensor) {
    if (!tensor.equals(tensors.get(tensor.name()))) {
      throw new FormatException(Fault.of("tensor is not of this file").got(tensor));
    }
    Range range = rangeAt(tensor.offset());
    if (range.kept() != null && tensor.bytes() <= range.end() - tensor.offset()) {
      return range.kept().asSlice(tensor.offset() - range.offset(), tensor.bytes());
    }
    return unpacked.computeIfAbsent(tensor.name(), name -> unpack(tensor));
  }

  private MemorySegment unpack(TensorInfo tensor) {
    MemorySegment into = arena.allocate(tensor.bytes(), PieceFile.ALIGNMENT);
    long[] at = new long[1];
    write(
        tensor.offset(),
        tensor.offset() + tensor.bytes(),
        piece -> {
          MemorySegment.copy(piece, 0, into, at[0], piece.byteSize());
          at[0] += piece.byteSize();
        });
    return into.asReadOnly();
  }

  /** Rows of a matrix; of one that is packed no more than these are unpacked. */
  BlockRows rows(TensorInfo tensor, QuantFormat format) {
    int cols = Math.toIntExact(tensor.cols());
    Range range = rangeAt(tensor.offset());
    PieceShape shape = range.kept() == null ? range.shape(packed()) : null;
    boolean isWhole = shape != null && shape.cols() == cols && range.bytes() == tensor.bytes();
    if (shape == null || !isWhole) {
      return BlockRows.of(data(tensor), format, cols);
    }
    Unpacker unpacker = unpacker();
    MemorySegment data = range.packed(packed());
    MemorySegment row = arena.allocate(shape.type().bytes(cols), PieceFile.ALIGNMENT);
    BlockRows decoder = BlockRows.of(row, format, cols);
    return (index, into) -> {
      unpacker.unpack(shape.type(), shape.rows(), cols, data, index, 1, row);
      decoder.decode(0, into);
    };
  }

  /** Gives all bytes of the original, in order, to {@code sink}. */
  void writeTo(Consumer<MemorySegment> sink) {
    write(0, originalBytes(), sink);
  }

  // A packed piece is wanted whole: tensors begin and end where pieces do.
  private void write(long from, long to, Consumer<MemorySegment> sink) {
    for (Range range : ranges) {
      long begin = Math.max(from, range.offset());
      long end = Math.min(to, range.end());
      if (begin >= end) {
        continue;
      }
      if (range.kept() != null) {
        sink.accept(range.kept().asSlice(begin - range.offset(), end - begin));
      } else if (begin == range.offset() && end == range.end()) {
        unpack(unpacker(), range.shape(packed()), range.packed(packed()), sink);
      } else {
        throw broken("packed weights of more than a tensor");
      }
    }
  }

  private Unpacker unpacker() {
    String layout = packed().head().layout();
    return Unpacker.of(layout)
        .orElseThrow(() ->
            new FormatException(
                Fault.of("packed weights of this layout can't be turned back")
                    .got(layout)
                    .where(packedPath)
                    .hint("Run: nearside pull --original MODEL")));
  }

  /** Unpacks a matrix, some rows at a time; the memory given to {@code sink} is used again. */
  static void unpack(
      Unpacker unpacker, PieceShape shape, MemorySegment data, Consumer<MemorySegment> sink) {
    long rowBytes = shape.type().bytes(shape.cols());
    // Whole panels of any layout.
    int step = Math.clamp(CHUNK / Math.max(1, rowBytes) / 32 * 32, 32, 1 << 20);
    try (Arena scratch = Arena.ofConfined()) {
      MemorySegment rows = scratch.allocate(Math.min(step, shape.rows()) * rowBytes, 64);
      for (int row = 0; row < shape.rows(); row += step) {
        int count = Math.min(step, shape.rows() - row);
        MemorySegment some = rows.asSlice(0, count * rowBytes);
        unpacker.unpack(shape.type(), shape.rows(), shape.cols(), data, row, count, some);
        sink.accept(some);
      }
    }
  }

  private Range rangeAt(long offset) {
    for (Range range : ranges) {
      if (offset < range.end()) {
        return range;
      }
    }
    throw broken("nothing at byte " + offset);
  }

  @Override
  public synchronized void close() {
    arena.close();
    remainder.close();
    if (packed != null) {
      packed.close();
    }
  }
}
