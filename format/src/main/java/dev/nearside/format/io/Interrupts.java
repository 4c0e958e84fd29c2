package dev.nearside.format.io;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CancellationException;

/** A channel answers the interrupt of its thread with an error of its own. */
final class Interrupts {
  private Interrupts() {}

  /** A CancellationException when {@code e} stands for an interrupt, {@code other} otherwise. */
  static RuntimeException orElse(IOException e, RuntimeException other) {
    if (e instanceof ClosedChannelException && Thread.currentThread().isInterrupted()) {
      CancellationException cancelled = new CancellationException("interrupted");
      cancelled.initCause(e);
      return cancelled;
    }
    return other;
  }
}
