package dev.nearside.jinja.builtin;

import dev.nearside.jinja.value.Budget;
import dev.nearside.jinja.value.CodePoints;
import dev.nearside.jinja.value.Dict;
import dev.nearside.jinja.value.Failure;
import dev.nearside.jinja.value.ListValue;
import dev.nearside.jinja.value.None;
import dev.nearside.jinja.value.Range;
import dev.nearside.jinja.value.Str;
import dev.nearside.jinja.value.Tuple;
import dev.nearside.jinja.value.Undefined;
import dev.nearside.jinja.value.Value;
import dev.nearside.jinja.value.Values;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code target[start:stop:step]}, as Python's slices. */
public final class Slicing {
  private Slicing() {}

  /** The indices of a slice: {@code count} of them from {@code start} to before {@code stop}. */
  record Indices(int start, int stop, int step, int count) {
    int at(int i) {
      return (int) (start + (long) i * step);
    }
  }

  /**
   * The slice; absent bounds are null.
   *
   * @throws Failure if the target cannot be sliced or a bound is no integer
   */
  public static Value slice(
      Budget budget,
      Value target,
      @Nullable Value start,
      @Nullable Value stop,
      @Nullable Value step) {
    return switch (target) {
      case Str text -> text(budget, text, start, stop, step);
      case ListValue list -> new ListValue(items(budget, list.items(), start, stop, step));
      case Tuple tuple -> Tuple.of(items(budget, tuple.items(), start, stop, step));
      case Range range -> range(range, indices(range.size(), start, stop, step));
      case Undefined undefined -> throw undefined.failure();
      case Dict dict -> throw new Failure("unhashable type: 'slice'");
      default -> throw new Failure("'" + target.typeName() + "' object is not subscriptable");
    };
  }

  private static Str text(
      Budget budget, Str text, @Nullable Value start, @Nullable Value stop, @Nullable Value step) {
    int size = CodePoints.length(text.text());
    budget.scan(size);
    Indices indices = indices(size, start, stop, step);
    budget.charge(indices.count());
    if (indices.count() == 0) {
      return text.like("");
    }
    if (indices.step() == 1) {
      int from = indices.start();
      return text.like(CodePoints.substring(text.text(), from, from + indices.count()));
    }
    budget.charge(4L * size);
    int[] points = text.text().codePoints().toArray();
    StringBuilder out = new StringBuilder(indices.count());
    for (int i = 0; i < indices.count(); i++) {
      out.appendCodePoint(points[indices.at(i)]);
    }
    return text.like(out.toString());
  }

  private static List<Value> items(
      Budget budget,
      List<Value> items,
      @Nullable Value start,
      @Nullable Value stop,
      @Nullable Value step) {
    Indices indices = indices(items.size(), start, stop, step);
    budget.chargeSlots(indices.count());
    List<Value> slice = new ArrayList<>(indices.count());
    for (int i = 0; i < indices.count(); i++) {
      slice.add(items.get(indices.at(i)));
    }
    return slice;
  }

  private static Range range(Range range, Indices indices) {
    long start = range.start() + indices.start() * range.step();
    long step = range.step() * indices.step();
    return new Range(start, range.start() + indices.stop() * range.step(), step, indices.count());
  }

  /** CPython's {@code PySlice_AdjustIndices}. */
  static Indices indices(
      int size, @Nullable Value start, @Nullable Value stop, @Nullable Value step) {
    int stride = bound(step, 1);
    if (stride == 0) {
      throw new Failure("slice step cannot be zero");
    }
    stride = Math.max(stride, -Integer.MAX_VALUE);
    boolean isBackwards = stride < 0;
    int first = clip(bound(start, isBackwards ? Integer.MAX_VALUE : 0), size, isBackwards);
    int last =
        isAbsent(stop) && isBackwards
            ? -1
            : clip(bound(stop, Integer.MAX_VALUE), size, isBackwards);
    long span = isBackwards ? (long) first - last : (long) last - first;
    int stepSize = Math.abs(stride);
    return new Indices(first, last, stride, span <= 0 ? 0 : (int) ((span - 1) / stepSize + 1));
  }

  private static int clip(int index, int size, boolean isBackwards) {
    long at = index < 0 ? (long) index + size : index;
    long least = isBackwards ? -1 : 0;
    long most = isBackwards ? size - 1L : size;
    return (int) Math.clamp(at, Math.min(least, most), Math.max(least, most));
  }

  private static boolean isAbsent(@Nullable Value bound) {
    return bound == null || bound == None.NONE;
  }

  private static int bound(@Nullable Value bound, int absent) {
    if (bound == null || bound == None.NONE) {
      return absent;
    }
    BigInteger number = Values.integer(bound);
    if (number == null) {
      throw new Failure("slice indices must be integers or None, not " + bound.typeName());
    }
    return Values.clamp(number);
  }
}
