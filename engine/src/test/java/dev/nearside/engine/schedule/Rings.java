package dev.nearside.engine.schedule;

import dev.nearside.chat.FinishReason;

/** Rings as the engine thread leaves them. */
public final class Rings {
  private Rings() {}

  /** A ring with a whole reply in it. */
  public static TokenRing ended(int[] ids) {
    TokenRing ring = new TokenRing(Math.max(1, ids.length), () -> {});
    for (int id : ids) {
      ring.put(id, 0);
    }
    ring.end(FinishReason.STOP);
    return ring;
  }
}
