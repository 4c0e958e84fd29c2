package dev.nearside.chat;

import java.util.List;

/**
 * The tools of a request.
 *
 * @param isParallel whether one reply may hold several calls; never where one tool is named
 */
public record Tools(List<ToolSpec> specs, ToolChoice choice, boolean isParallel) {
  /** Without tools. */
  public static final Tools NONE = new Tools(List.of(), new ToolChoice.Auto(), true);

  public Tools {
    specs = List.copyOf(specs);
    isParallel = isParallel && !(choice instanceof ToolChoice.Named);
  }
}
