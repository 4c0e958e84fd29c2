package dev.nearside.format.io;

import dev.nearside.base.Fault;
import dev.nearside.format.FormatException;
import dev.nearside.format.TensorInfo;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tensors of a model by name, and their bytes in its mapped parts. */
public final class TensorIndex {
  /** Twice what the largest mixtures of experts have; keeps the table of a hostile file small. */
  public static final int MAX_TENSORS = 1 << 18;

  private final List<MemorySegment> parts;
  private final List<TensorInfo> tensors;
  private final Map<String, TensorInfo> byName;

  /**
   * @throws FormatException when two tensors have the same name
   */
  public TensorIndex(List<MemorySegment> parts, Collection<TensorInfo> tensors) {
    this.parts = List.copyOf(parts);
    this.tensors = List.copyOf(tensors);
    this.byName = HashMap.newHashMap(this.tensors.size());
    for (TensorInfo tensor : this.tensors) {
      if (byName.put(tensor.name(), tensor) != null) {
        throw new FormatException(
            Fault.of("two tensors have the same name").got(tensor.name()).where(tensor));
      }
    }
  }

  public List<TensorInfo> tensors() {
    return tensors;
  }

  public Optional<TensorInfo> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /**
   * @throws FormatException when {@code tensor} is not one of these
   */
  public MemorySegment data(TensorInfo tensor) {
    if (!tensor.equals(byName.get(tensor.name()))) {
      throw new FormatException(Fault.of("tensor is not of this file").got(tensor));
    }
    return parts.get(tensor.part()).asSlice(tensor.offset(), tensor.bytes());
  }

  /** The tensors that have bytes, in the order of their data; all of one part. */
  public static List<TensorInfo> inDataOrder(Collection<TensorInfo> tensors) {
    List<TensorInfo> sorted = new ArrayList<>(tensors);
    sorted.removeIf(t -> t.bytes() == 0);
    sorted.sort(Comparator.comparingLong(TensorInfo::offset));
    return Collections.unmodifiableList(sorted);
  }

  /**
   * @param tensors all of one part
   * @throws FormatException when two of them overlap
   */
  public static void checkNoOverlap(Collection<TensorInfo> tensors) {
    List<TensorInfo> sorted = inDataOrder(tensors);
    for (int i = 1; i < sorted.size(); i++) {
      TensorInfo before = sorted.get(i - 1);
      TensorInfo tensor = sorted.get(i);
      if (tensor.offset() < before.offset() + before.bytes()) {
        throw new FormatException(
            Fault.of("tensors overlap")
                .got("data at byte " + tensor.offset())
                .expected("at or after the end of " + before.name())
                .where("tensor " + tensor.name()));
      }
    }
  }
}
