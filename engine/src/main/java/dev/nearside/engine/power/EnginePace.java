package dev.nearside.engine.power;

import dev.nearside.model.Pace;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The pace of one engine: as its governor has it. {@link #hurry} is for any thread. */
public final class EnginePace implements Pace {
  private final @Nullable PowerGovernor governor;
  private final BooleanSupplier isHurried = this::isHurried;
  private volatile boolean hurried;
  private long restedNanos; // of the computing thread

  /**
   * @param governor null = as fast as can be
   */
  public EnginePace(@Nullable PowerGovernor governor) {
    this.governor = governor;
  }

  @Override
  public void begin() {
    if (governor != null) {
      restedNanos += governor.begin(isHurried);
    }
  }

  @Override
  public void end() {
    if (governor != null) {
      governor.end();
    }
  }

  /**
   * A clock that stands still while the computing thread rests, and so tells what work costs. For
   * that thread.
   */
  public long nanos() {
    return System.nanoTime() - restedNanos;
  }

  /** Ends a rest, and lets there be no more: the engine is to be closed. */
  public void hurry() {
    hurried = true;
  }

  private boolean isHurried() {
    return hurried;
  }
}
