package dev.nearside.cli.chat;

import org.jspecify.annotations.Nullable;

/** Ctrl-C between prompts: it interrupts the reply that is under way, and nothing else. */
final class ReplyInterrupt {
  private @Nullable Thread answering;

  /** From here on Ctrl-C interrupts this thread. */
  synchronized void begin() {
    answering = Thread.currentThread();
  }

  /** From here on it does not; one that came too late is forgotten. */
  synchronized void end() {
    answering = null;
    Thread.interrupted();
  }

  /** What Ctrl-C does. */
  synchronized void fire() {
    if (answering != null) {
      answering.interrupt();
    }
  }
}
