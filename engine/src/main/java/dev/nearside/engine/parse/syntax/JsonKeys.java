package dev.nearside.engine.parse.syntax;

import org.jspecify.annotations.Nullable;

/**
 * The keys of a call written as a JSON object.
 *
 * @param name of the tool's name; null = the name itself is the key of the arguments
 * @param arguments of the arguments
 * @param id of the call's id; null = it has none
 * @param isIdLast whether the id comes after the arguments
 */
public record JsonKeys(
    @Nullable String name, String arguments, @Nullable String id, boolean isIdLast) {
  /** What most models write. */
  public static final JsonKeys USUAL = new JsonKeys("name", "arguments", null, false);
}
