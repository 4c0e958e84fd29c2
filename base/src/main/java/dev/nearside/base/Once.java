package dev.nearside.base;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A value that is made when it is first asked for.
 *
 * @param <T> what it is
 */
public final class Once<T> implements Supplier<T> {
  private final Supplier<T> making;
  private @Nullable T value;

  private Once(Supplier<T> making) {
    this.making = making;
  }

  /** A value that {@code making} makes; if that fails, the next who asks has it try again. */
  public static <T> Once<T> of(Supplier<T> making) {
    return new Once<>(making);
  }

  @Override
  public synchronized T get() {
    T made = value;
    if (made == null) {
      made = making.get();
      value = made;
    }
    return made;
  }
}
