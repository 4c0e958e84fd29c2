package dev.nearside.format.convert;

import dev.nearside.format.TensorInfo;
import dev.nearside.tensor.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Sums per pair of types, for the report. */
final class Tally {
  private record Pair(TensorType from, TensorType to) {}

  private static final class Sum {
    int tensors;
    long elems;
    long bytesBefore;
    long bytesAfter;
    double error;
    double power;
  }

  private final Map<Pair, Sum> sums = new LinkedHashMap<>();

  /**
   * Adds a tensor.
   *
   * @param error sum of squared differences
   * @param power sum of squares of the original
   */
  void add(TensorInfo source, TensorType to, long bytesAfter, double error, double power) {
    Sum sum = sums.computeIfAbsent(new Pair(source.type(), to), pair -> new Sum());
    sum.tensors++;
    sum.elems += source.elems();
    sum.bytesBefore += source.bytes();
    sum.bytesAfter += bytesAfter;
    sum.error += error;
    sum.power += power;
  }

  QuantizeReport report() {
    List<QuantizeReport.Line> lines = new ArrayList<>();
    sums.forEach((pair, sum) ->
        lines.add(
            new QuantizeReport.Line(
                pair.from,
                pair.to,
                sum.tensors,
                sum.elems,
                sum.bytesBefore,
                sum.bytesAfter,
                sum.power == 0 ? 0 : Math.sqrt(sum.error / sum.power))));
    return new QuantizeReport(lines);
  }
}
