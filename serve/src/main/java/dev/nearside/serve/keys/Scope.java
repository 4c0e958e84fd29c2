package dev.nearside.serve.keys;

import java.util.Locale;

/** What a key may be used for. An endpoint names the one it asks for. */
public enum Scope {
  /** Nothing at all is asked for: the page, and whether the server is alive. */
  OPEN,
  /** To see which models there are, and how the server does. */
  READ,
  /** To have texts generated, and counted. */
  CHAT,
  /** To have texts embedded and ranked. */
  EMBEDDINGS,
  /** To change which models there are. */
  ADMIN;

  /** As users write it. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
