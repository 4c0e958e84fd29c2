package dev.nearside.tensor.kernel.vector;

import dev.nearside.tensor.kernel.ExactActivations;
import dev.nearside.tensor.kernel.Workers;
import org.jspecify.annotations.Nullable;

/**
 * Activations in the order in which register tiles read them: tokens in tiles of 12, 6 or 2 (a few
 * tokens' codes: of 8, 4 or 2, for {@link SmallTiles}), and in a tile token by token for each
 * column. Kept until other activations come, because several products in turn have the same input.
 */
final class TokenTiles {
  private static final int WIDE = 12;
  private static final int MIDDLE = 6;
  private static final int NARROW = 2;

  /** Codes of up to so many tokens are for {@link SmallTiles}. */
  private static final int FEW = Lanes.WIDTH == 16 ? 16 : 4;

  private final boolean isCodes;
  private @Nullable ExactActivations source;
  private long version = -1;
  private int tiles;
  private int padded;
  private int[] sizes = new int[0];
  private int[] starts = new int[0];

  /** Tile i: {@code (cols, size)} from {@code start(i) * cols}. */
  float[] x = new float[0];

  /** Tile i: {@code (blocks, size)} from {@code start(i) * blocks}. */
  float[] d = new float[0];

  /** Tile i: {@code (2 * blocks, size)} from {@code start(i) * 2 * blocks}. */
  float[] sums = new float[0];

  /**
   * @param isCodes whether to hold the rounded codes rather than the values
   */
  TokenTiles(boolean isCodes) {
    this.isCodes = isCodes;
  }

  int count() {
    return tiles;
  }

  int size(int tile) {
    return sizes[tile];
  }

  /** Tokens before a tile, the padding of earlier tiles included. */
  int start(int tile) {
    return starts[tile];
  }

  /** Tokens with padding. */
  int padded() {
    return padded;
  }

  /** Whether these tiles are for {@link SmallTiles}. */
  static boolean isFew(int tokens) {
    return tokens <= FEW;
  }

  /** Takes over {@code from}, unless it is held already. */
  void hold(ExactActivations from, Workers workers) {
    if (from == source && from.version() == version) {
      return;
    }
    source = from;
    version = from.version();
    plan(from.tokens());
    int cols = isCodes ? from.blockCols() : from.cols();
    x = room(x, padded * cols);
    if (isCodes) {
      d = room(d, padded * from.blocks());
      sums = room(sums, padded * from.blocks() * 2);
    }
    workers.run(
        tiles,
        1,
        (first, to, thread) -> {
          for (int tile = first; tile < to; tile++) {
            interleave(isCodes ? from.codes : from.values, cols, tile, from.tokens(), x);
            if (isCodes) {
              interleave(from.scales, from.blocks(), tile, from.tokens(), d);
              interleave(from.sums, from.blocks() * 2, tile, from.tokens(), sums);
            }
          }
        });
  }

  private void plan(int tokens) {
    sizes = new int[tokens / NARROW + 1];
    starts = new int[sizes.length];
    tiles = 0;
    padded = 0;
    int left = tokens;
    while (left > 0) {
      int size;
      if (isCodes && tokens <= FEW) {
        size = left >= 5 && Lanes.WIDTH == 16 ? 8 : left >= 3 ? 4 : NARROW;
      } else {
        size = left >= 9 && Lanes.WIDTH == 16 ? WIDE : left >= 5 ? MIDDLE : NARROW;
      }
      sizes[tiles] = size;
      starts[tiles++] = padded;
      padded += size;
      left -= size;
    }
  }

  private static float[] room(float[] held, int size) {
    return held.length >= size ? held : new float[size];
  }

  private void interleave(float[] from, int width, int tile, int tokens, float[] to) {
    int size = sizes[tile];
    int start = starts[tile] * width;
    for (int t = 0; t < size; t++) {
      int row = (starts[tile] + t) * width;
      if (starts[tile] + t < tokens) {
        for (int k = 0; k < width; k++) {
          to[start + k * size + t] = from[row + k];
        }
      } else {
        for (int k = 0; k < width; k++) {
          to[start + k * size + t] = 0;
        }
      }
    }
  }
}
