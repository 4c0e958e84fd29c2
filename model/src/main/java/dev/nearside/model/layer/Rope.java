package dev.nearside.model.layer;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.kernel.Kernels;
import dev.nearside.tensor.kernel.RopeShape;
import dev.nearside.tensor.kernel.RopeStyle;
import dev.nearside.tensor.kernel.TokenRows;
import java.lang.foreign.Arena;

/**
 * Rotary position embedding (Su et al. 2021) with any of the scalings in {@link RopeFrequencies}.
 * Cosines and sines are computed once per position, by {@code StrictMath} in float64, and kept.
 */
public final class Rope {
  private final RopeStyle style;
  private final double[] frequencies;
  private final float magnitude;
  private int positions;
  private Floats cosSin = Floats.allocate(Arena.ofAuto(), 1);

  /**
   * @param frequencies angle per position of each pair
   * @param magnitude factor on cosine and sine (YaRN's attention factor), mostly 1
   */
  public Rope(RopeStyle style, double[] frequencies, float magnitude) {
    this.style = style;
    this.frequencies = frequencies.clone();
    this.magnitude = magnitude;
  }

  /** Elements of a head that are turned. */
  public int dims() {
    return 2 * frequencies.length;
  }

  /** Turns {@code x (tokens, heads, headDim)} in place. */
  public void apply(Kernels kernels, Floats x, TokenRows rows, int heads, int headDim) {
    int last = 0;
    for (int t = 0; t < rows.count(); t++) {
      last = Math.max(last, rows.positions()[t]);
    }
    if (last >= positions) {
      grow(last + 1);
    }
    kernels.rope(x, rows, heads, new RopeShape(headDim, dims(), style), cosSin);
  }

  private void grow(int wanted) {
    int count = Math.max(wanted, Math.max(256, positions * 2));
    int width = dims();
    Floats table = Floats.allocate(Arena.ofAuto(), (long) count * width);
    float[] row = new float[width];
    for (int p = 0; p < count; p++) {
      if (p < positions) {
        cosSin.get((long) p * width, row, 0, width);
      } else {
        fill(p, row);
      }
      table.set((long) p * width, row, 0, width);
    }
    cosSin = table;
    positions = count;
  }

  private void fill(int position, float[] row) {
    for (int i = 0; i < frequencies.length; i++) {
      double angle = position * frequencies[i];
      row[2 * i] = (float) StrictMath.cos(angle) * magnitude;
      row[2 * i + 1] = (float) StrictMath.sin(angle) * magnitude;
    }
  }
}
