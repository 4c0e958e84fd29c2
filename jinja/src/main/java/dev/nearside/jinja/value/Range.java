package dev.nearside.jinja.value;

/** Python's {@code range}: {@code size} numbers from {@code start} in steps of {@code step}. */
public record Range(long start, long stop, long step, int size) implements Value {
  /** The longest range, as jinja2's sandbox has it. */
  public static final int MAX_SIZE = 100_000;

  /**
   * The range from {@code start} to before {@code stop}.
   *
   * @throws Failure if the step is 0 or the range is longer than {@link #MAX_SIZE}
   */
  public static Range of(long start, long stop, long step) {
    if (step == 0) {
      throw new Failure("range() arg 3 must not be zero");
    }
    long span = step > 0 ? Math.subtractExact(stop, start) : Math.subtractExact(start, stop);
    long stride = Math.absExact(step);
    long size = span <= 0 ? 0 : (span - 1) / stride + 1;
    if (size > MAX_SIZE) {
      throw new Failure("range too big: " + size + " items, the limit is " + MAX_SIZE);
    }
    return new Range(start, stop, step, (int) size);
  }

  public Int at(int index) {
    return Int.of(start + index * step);
  }

  @Override
  public String typeName() {
    return "range";
  }
}
