package dev.nearside.format.convert;

import dev.nearside.tensor.TensorType;
import java.util.List;

/**
 * What a quantisation did.
 *
 * @param lines one per pair of types, in the order in which they first appear
 */
public record QuantizeReport(List<Line> lines) {
  public QuantizeReport {
    lines = List.copyOf(lines);
  }

  /**
   * The tensors that went from one type to another.
   *
   * @param relativeRmse root of the summed squared differences over the root of the summed squares
   *     of the original; 0 where nothing was changed
   */
  public record Line(
      TensorType from,
      TensorType to,
      int tensors,
      long elems,
      long bytesBefore,
      long bytesAfter,
      double relativeRmse) {}

  public long bytesBefore() {
    return lines.stream().mapToLong(Line::bytesBefore).sum();
  }

  public long bytesAfter() {
    return lines.stream().mapToLong(Line::bytesAfter).sum();
  }

  public int tensors() {
    return lines.stream().mapToInt(Line::tensors).sum();
  }
}
