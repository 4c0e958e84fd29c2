package dev.nearside.serve.fields;

import dev.nearside.chat.Urgency;
import dev.nearside.serve.guard.Caller;
import dev.nearside.serve.http.Fields;

/** How soon a reply is needed, as {@code "priority": 5, "timeout_ms": 2000}. */
public final class UrgencyFields {
  private UrgencyFields() {}

  /** A key without {@code admin} can't go before others. */
  public static Urgency read(Fields f) {
    Long timeout = f.longNumber("timeout_ms");
    if (timeout != null && timeout < 0) {
      throw f.wrong("timeout_ms", "must not be negative");
    }
    int asked = f.whole("priority", -100, 100).orElse(0);
    int priority = Caller.isTrusted() ? asked : Math.min(0, asked);
    return new Urgency(priority, timeout == null ? 0 : timeout);
  }
}
