package dev.nearside.tensor.kernel.vector;

import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The shapes of vectors, constants so that C2 can see through them. The system property {@code
 * nearside.vectorBits} (128, 256, 512) overrides the machine's preferred size: for tests.
 */
final class Lanes {
  static final VectorShape SHAPE = shape();
  static final VectorSpecies<Float> FLOATS = VectorSpecies.of(float.class, SHAPE);
  static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, SHAPE);

  /** As many shorts as {@link #FLOATS} has floats. */
  static final VectorSpecies<Short> SHORTS =
      VectorSpecies.of(short.class, VectorShape.forBitSize(SHAPE.vectorBitSize() / 2));

  /** Lanes of a vector of floats. */
  static final int WIDTH = FLOATS.length();

  /** Rows of a panel of weights: two vectors. */
  static final int ROWS = 2 * WIDTH;

  static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  private Lanes() {}

  private static VectorShape shape() {
    int bits = Integer.getInteger("nearside.vectorBits", 0);
    return bits == 0 ? FloatVector.SPECIES_PREFERRED.vectorShape() : VectorShape.forBitSize(bits);
  }

  static {
    if (INTS.length() != WIDTH || SHORTS.length() != WIDTH) {
      throw new AssertionError(
          "vector shapes disagree: "
              + IntVector.SPECIES_PREFERRED
              + ", "
              + ShortVector.SPECIES_PREFERRED);
    }
  }
}
