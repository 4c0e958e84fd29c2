package dev.nearside.tensor.kernel.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Register tiles of float weights, in order of k: laid out as those of {@link CodeTiles}. */
final class FloatTiles {
  private static final VectorSpecies<Float> F = Lanes.FLOATS;
  private static final int WIDTH = Lanes.WIDTH;
  private static final int ROWS = Lanes.ROWS;

  private FloatTiles() {}

  /** 12 tokens. */
  static void floats12(float[] panel, int count, float[] x, int xAt, float[] y, int yAt) {
    FloatVector a0v0 = FloatVector.fromArray(F, y, yAt);
    FloatVector a0v1 = FloatVector.fromArray(F, y, yAt + WIDTH);
    FloatVector a1v0 = FloatVector.fromArray(F, y, yAt + ROWS);
    FloatVector a1v1 = FloatVector.fromArray(F, y, yAt + ROWS + WIDTH);
    FloatVector a2v0 = FloatVector.fromArray(F, y, yAt + 2 * ROWS);
    FloatVector a2v1 = FloatVector.fromArray(F, y, yAt + 2 * ROWS + WIDTH);
    FloatVector a3v0 = FloatVector.fromArray(F, y, yAt + 3 * ROWS);
    FloatVector a3v1 = FloatVector.fromArray(F, y, yAt + 3 * ROWS + WIDTH);
    FloatVector a4v0 = FloatVector.fromArray(F, y, yAt + 4 * ROWS);
    FloatVector a4v1 = FloatVector.fromArray(F, y, yAt + 4 * ROWS + WIDTH);
    FloatVector a5v0 = FloatVector.fromArray(F, y, yAt + 5 * ROWS);
    FloatVector a5v1 = FloatVector.fromArray(F, y, yAt + 5 * ROWS + WIDTH);
    FloatVector a6v0 = FloatVector.fromArray(F, y, yAt + 6 * ROWS);
    FloatVector a6v1 = FloatVector.fromArray(F, y, yAt + 6 * ROWS + WIDTH);
    FloatVector a7v0 = FloatVector.fromArray(F, y, yAt + 7 * ROWS);
    FloatVector a7v1 = FloatVector.fromArray(F, y, yAt + 7 * ROWS + WIDTH);
    FloatVector a8v0 = FloatVector.fromArray(F, y, yAt + 8 * ROWS);
    FloatVector a8v1 = FloatVector.fromArray(F, y, yAt + 8 * ROWS + WIDTH);
    FloatVector a9v0 = FloatVector.fromArray(F, y, yAt + 9 * ROWS);
    FloatVector a9v1 = FloatVector.fromArray(F, y, yAt + 9 * ROWS + WIDTH);
    FloatVector a10v0 = FloatVector.fromArray(F, y, yAt + 10 * ROWS);
    FloatVector a10v1 = FloatVector.fromArray(F, y, yAt + 10 * ROWS + WIDTH);
    FloatVector a11v0 = FloatVector.fromArray(F, y, yAt + 11 * ROWS);
    FloatVector a11v1 = FloatVector.fromArray(F, y, yAt + 11 * ROWS + WIDTH);
    int p = 0;
    int c = xAt;
    for (int k = 0; k < count; k++) {
      FloatVector w0 = FloatVector.fromArray(F, panel, p);
      FloatVector w1 = FloatVector.fromArray(F, panel, p + WIDTH);
      FloatVector b;
      b = FloatVector.broadcast(F, x[c]);
      a0v0 = w0.fma(b, a0v0);
      a0v1 = w1.fma(b, a0v1);
      b = FloatVector.broadcast(F, x[c + 1]);
      a1v0 = w0.fma(b, a1v0);
      a1v1 = w1.fma(b, a1v1);
      b = FloatVector.broadcast(F, x[c + 2]);
      a2v0 = w0.fma(b, a2v0);
      a2v1 = w1.fma(b, a2v1);
      b = FloatVector.broadcast(F, x[c + 3]);
      a3v0 = w0.fma(b, a3v0);
      a3v1 = w1.fma(b, a3v1);
      b = FloatVector.broadcast(F, x[c + 4]);
      a4v0 = w0.fma(b, a4v0);
      a4v1 = w1.fma(b, a4v1);
      b = FloatVector.broadcast(F, x[c + 5]);
      a5v0 = w0.fma(b, a5v0);
      a5v1 = w1.fma(b, a5v1);
      b = FloatVector.broadcast(F, x[c + 6]);
      a6v0 = w0.fma(b, a6v0);
      a6v1 = w1.fma(b, a6v1);
      b = FloatVector.broadcast(F, x[c + 7]);
      a7v0 = w0.fma(b, a7v0);
      a7v1 = w1.fma(b, a7v1);
      b = FloatVector.broadcast(F, x[c + 8]);
      a8v0 = w0.fma(b, a8v0);
      a8v1 = w1.fma(b, a8v1);
      b = FloatVector.broadcast(F, x[c + 9]);
      a9v0 = w0.fma(b, a9v0);
      a9v1 = w1.fma(b, a9v1);
      b = FloatVector.broadcast(F, x[c + 10]);
      a10v0 = w0.fma(b, a10v0);
      a10v1 = w1.fma(b, a10v1);
      b = FloatVector.broadcast(F, x[c + 11]);
      a11v0 = w0.fma(b, a11v0);
      a11v1 = w1.fma(b, a11v1);
      p += ROWS;
      c += 12;
    }
    a0v0.intoArray(y, yAt);
    a0v1.intoArray(y, yAt + WIDTH);
    a1v0.intoArray(y, yAt + ROWS);
    a1v1.intoArray(y, yAt + ROWS + WIDTH);
    a2v0.intoArray(y, yAt + 2 * ROWS);
    a2v1.intoArray(y, yAt + 2 * ROWS + WIDTH);
    a3v0.intoArray(y, yAt + 3 * ROWS);
    a3v1.intoArray(y, yAt + 3 * ROWS + WIDTH);
    a4v0.intoArray(y, yAt + 4 * ROWS);
    a4v1.intoArray(y, yAt + 4 * ROWS + WIDTH);
    a5v0.intoArray(y, yAt + 5 * ROWS);
    a5v1.intoArray(y, yAt + 5 * ROWS + WIDTH);
    a6v0.intoArray(y, yAt + 6 * ROWS);
    a6v1.intoArray(y, yAt + 6 * ROWS + WIDTH);
    a7v0.intoArray(y, yAt + 7 * ROWS);
    a7v1.intoArray(y, yAt + 7 * ROWS + WIDTH);
    a8v0.intoArray(y, yAt + 8 * ROWS);
    a8v1.intoArray(y, yAt + 8 * ROWS + WIDTH);
    a9v0.intoArray(y, yAt + 9 * ROWS);
    a9v1.intoArray(y, yAt + 9 * ROWS + WIDTH);
    a10v0.intoArray(y, yAt + 10 * ROWS);
    a10v1.intoArray(y, yAt + 10 * ROWS + WIDTH);
    a11v0.intoArray(y, yAt + 11 * ROWS);
    a11v1.intoArray(y, yAt + 11 * ROWS + WIDTH);
  }

  /** 6 tokens. */
  static void floats6(float[] panel, int count, float[] x, int xAt, float[] y, int yAt) {
    FloatVector a0v0 = FloatVector.fromArray(F, y, yAt);
    FloatVector a0v1 = FloatVector.fromArray(F, y, yAt + WIDTH);
    FloatVector a1v0 = FloatVector.fromArray(F, y, yAt + ROWS);
    FloatVector a1v1 = FloatVector.fromArray(F, y, yAt + ROWS + WIDTH);
    FloatVector a2v0 = FloatVector.fromArray(F, y, yAt + 2 * ROWS);
    FloatVector a2v1 = FloatVector.fromArray(F, y, yAt + 2 * ROWS + WIDTH);
    FloatVector a3v0 = FloatVector.fromArray(F, y, yAt + 3 * ROWS);
    FloatVector a3v1 = FloatVector.fromArray(F, y, yAt + 3 * ROWS + WIDTH);
    FloatVector a4v0 = FloatVector.fromArray(F, y, yAt + 4 * ROWS);
    FloatVector a4v1 = FloatVector.fromArray(F, y, yAt + 4 * ROWS + WIDTH);
    FloatVector a5v0 = FloatVector.fromArray(F, y, yAt + 5 * ROWS);
    FloatVector a5v1 = FloatVector.fromArray(F, y, yAt + 5 * ROWS + WIDTH);
    int p = 0;
    int c = xAt;
    for (int k = 0; k < count; k++) {
      FloatVector w0 = FloatVector.fromArray(F, panel, p);
      FloatVector w1 = FloatVector.fromArray(F, panel, p + WIDTH);
      FloatVector b;
      b = FloatVector.broadcast(F, x[c]);
      a0v0 = w0.fma(b, a0v0);
      a0v1 = w1.fma(b, a0v1);
      b = FloatVector.broadcast(F, x[c + 1]);
      a1v0 = w0.fma(b, a1v0);
      a1v1 = w1.fma(b, a1v1);
      b = FloatVector.broadcast(F, x[c + 2]);
      a2v0 = w0.fma(b, a2v0);
      a2v1 = w1.fma(b, a2v1);
      b = FloatVector.broadcast(F, x[c + 3]);
      a3v0 = w0.fma(b, a3v0);
      a3v1 = w1.fma(b, a3v1);
      b = FloatVector.broadcast(F, x[c + 4]);
      a4v0 = w0.fma(b, a4v0);
      a4v1 = w1.fma(b, a4v1);
      b = FloatVector.broadcast(F, x[c + 5]);
      a5v0 = w0.fma(b, a5v0);
      a5v1 = w1.fma(b, a5v1);
      p += ROWS;
      c += 6;
    }
    a0v0.intoArray(y, yAt);
    a0v1.intoArray(y, yAt + WIDTH);
    a1v0.intoArray(y, yAt + ROWS);
    a1v1.intoArray(y, yAt + ROWS + WIDTH);
    a2v0.intoArray(y, yAt + 2 * ROWS);
    a2v1.intoArray(y, yAt + 2 * ROWS + WIDTH);
    a3v0.intoArray(y, yAt + 3 * ROWS);
    a3v1.intoArray(y, yAt + 3 * ROWS + WIDTH);
    a4v0.intoArray(y, yAt + 4 * ROWS);
    a4v1.intoArray(y, yAt + 4 * ROWS + WIDTH);
    a5v0.intoArray(y, yAt + 5 * ROWS);
    a5v1.intoArray(y, yAt + 5 * ROWS + WIDTH);
  }

  /** 2 tokens. */
  static void floats2(float[] panel, int count, float[] x, int xAt, float[] y, int yAt) {
    FloatVector a0v0 = FloatVector.fromArray(F, y, yAt);
    FloatVector a0v1 = FloatVector.fromArray(F, y, yAt + WIDTH);
    FloatVector a1v0 = FloatVector.fromArray(F, y, yAt + ROWS);
    FloatVector a1v1 = FloatVector.fromArray(F, y, yAt + ROWS + WIDTH);
    int p = 0;
    int c = xAt;
    for (int k = 0; k < count; k++) {
      FloatVector w0 = FloatVector.fromArray(F, panel, p);
      FloatVector w1 = FloatVector.fromArray(F, panel, p + WIDTH);
      FloatVector b;
      b = FloatVector.broadcast(F, x[c]);
      a0v0 = w0.fma(b, a0v0);
      a0v1 = w1.fma(b, a0v1);
      b = FloatVector.broadcast(F, x[c + 1]);
      a1v0 = w0.fma(b, a1v0);
      a1v1 = w1.fma(b, a1v1);
      p += ROWS;
      c += 2;
    }
    a0v0.intoArray(y, yAt);
    a0v1.intoArray(y, yAt + WIDTH);
    a1v0.intoArray(y, yAt + ROWS);
    a1v1.intoArray(y, yAt + ROWS + WIDTH);
  }
}
