package dev.nearside.engine.parse.syntax;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a family of models writes replies.
 *
 * @param name of the family
 * @param thinking null = no thoughts
 * @param calls the ways to write calls; the first is the one to ask for
 * @param silent markers that frame the answer's text and are no part of it
 * @param primer what a prompt may end with that belongs to the reply; empty = nothing
 * @param isHarmony whether a reply is a row of messages with headers instead of text with markers
 */
public record ReplyFormat(
    String name,
    @Nullable Thinking thinking,
    List<CallSyntax> calls,
    Set<String> silent,
    IdStyle ids,
    String primer,
    boolean isHarmony) {
  public ReplyFormat {
    calls = List.copyOf(calls);
    silent = Set.copyOf(silent);
  }

  /** All texts that the format is made of. */
  public Set<String> literals(boolean hasTools) {
    Set<String> literals = new LinkedHashSet<>(silent);
    if (thinking != null) {
      literals.add(thinking.open());
      literals.add(thinking.close());
    }
    if (hasTools) {
      calls.forEach(call -> literals.addAll(call.literals()));
    }
    return literals;
  }

  /** Thoughts in {@code <think>} tags, and calls. */
  public static ReplyFormat of(String name, CallSyntax... calls) {
    return new ReplyFormat(
        name, Thinking.TAGS, List.of(calls), Set.of(), IdStyle.OPENAI, "", false);
  }

  public ReplyFormat withThinking(@Nullable Thinking other) {
    return new ReplyFormat(name, other, calls, silent, ids, primer, isHarmony);
  }

  public ReplyFormat withSilent(String... markers) {
    return new ReplyFormat(
        name, thinking, calls, new LinkedHashSet<>(List.of(markers)), ids, primer, isHarmony);
  }

  public ReplyFormat withIds(IdStyle style) {
    return new ReplyFormat(name, thinking, calls, silent, style, primer, isHarmony);
  }

  public ReplyFormat withPrimer(String text) {
    return new ReplyFormat(name, thinking, calls, silent, ids, text, isHarmony);
  }
}
