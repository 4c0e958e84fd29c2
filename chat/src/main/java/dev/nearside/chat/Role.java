package dev.nearside.chat;

import java.util.Locale;

/** Who speaks. */
public enum Role {
  SYSTEM,
  USER,
  ASSISTANT,
  TOOL;

  /** The name that chat templates and APIs use. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
