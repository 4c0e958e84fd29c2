package dev.nearside.tensor.kernel.x86;

import org.jspecify.annotations.Nullable;

/**
 * A place in memory: {@code base + index * scale + disp}, or a label.
 *
 * @param base null only with a label
 * @param index null = none; never RSP
 * @param scale 1, 2, 4 or 8
 * @param label null = none
 * @param isBroadcast one element of 32 bits there stands for every lane (AVX-512)
 */
public record Mem(
    @Nullable Gpr base,
    @Nullable Gpr index,
    int scale,
    int disp,
    @Nullable Label label,
    boolean isBroadcast)
    implements Operand {
  public Mem {
    if ((base == null) == (label == null) || index == Gpr.RSP || (index != null && label != null)) {
      throw new IllegalArgumentException("no address: " + base + " " + index + " " + label);
    }
    if (scale != 1 && scale != 2 && scale != 4 && scale != 8) {
      throw new IllegalArgumentException("no scale: " + scale);
    }
  }

  public static Mem at(Gpr base) {
    return at(base, 0);
  }

  public static Mem at(Gpr base, int disp) {
    return new Mem(base, null, 1, disp, null, false);
  }

  public static Mem at(Gpr base, Gpr index, int scale, int disp) {
    return new Mem(base, index, scale, disp, null, false);
  }

  public static Mem at(Label label) {
    return new Mem(null, null, 1, 0, label, false);
  }

  /** The same place {@code bytes} further on. */
  public Mem plus(int bytes) {
    return new Mem(base, index, scale, disp + bytes, label, isBroadcast);
  }

  /** The element of 32 bits there, for every lane. */
  public Mem broadcast() {
    return new Mem(base, index, scale, disp, label, true);
  }

  /** The element alone, without standing for every lane. */
  public Mem element() {
    return new Mem(base, index, scale, disp, label, false);
  }

  @Override
  public String toString() {
    StringBuilder out = new StringBuilder("[");
    if (label != null) {
      out.append("rip+").append(label);
    } else {
      out.append(base);
      if (index != null) {
        out.append('+').append(index).append('*').append(scale);
      }
    }
    if (disp != 0) {
      out.append(disp > 0 ? "+" : "").append(disp);
    }
    return out.append(']').toString();
  }
}
