package dev.nearside.tokenizer.json;

import dev.nearside.tokenizer.core.Frame;
import dev.nearside.tokenizer.text.IntList;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The post-processors of {@code tokenizer.json}, as far as they add tokens around one text. */
final class PostProcessors {
  private PostProcessors() {}

  static Frame of(@Nullable Component c, int tokens) {
    if (c == null) {
      return Frame.EMPTY;
    }
    return switch (c.type()) {
      case "ByteLevel" -> Frame.EMPTY;
      case "TemplateProcessing" -> template(c, tokens);
      case "BertProcessing", "RobertaProcessing" ->
          new Frame(new int[] {pairId(c, "cls", tokens)}, new int[] {pairId(c, "sep", tokens)});
      case "Sequence" -> sequence(c, tokens);
      default -> throw c.unknownType();
    };
  }

  private static Frame sequence(Component c, int tokens) {
    Frame frame = Frame.EMPTY;
    for (Component child : c.children("processors")) {
      Frame outer = of(child, tokens);
      frame =
          new Frame(concat(outer.prefix(), frame.prefix()), concat(frame.suffix(), outer.suffix()));
    }
    return frame;
  }

  private static Frame template(Component c, int tokens) {
    IntList prefix = new IntList();
    IntList suffix = new IntList();
    boolean before = true;
    for (Component piece : c.children("single")) {
      if (piece.has("Sequence")) {
        before = false;
      } else {
        JsonNode name = piece.node().path("SpecialToken").path("id");
        JsonNode ids = c.node().path("special_tokens").path(name.asString("")).path("ids");
        if (!ids.isArray()) {
          throw c.wrong("special_tokens", ids, "the ids of " + name);
        }
        for (JsonNode id : ids) {
          (before ? prefix : suffix).add(checked(c, id, tokens));
        }
      }
    }
    return new Frame(prefix.toArray(), suffix.toArray());
  }

  private static int pairId(Component c, String field, int tokens) {
    JsonNode pair = c.node().get(field);
    return checked(c, pair == null ? null : pair.get(1), tokens);
  }

  private static int checked(Component c, @Nullable JsonNode id, int tokens) {
    if (id == null || !id.isInt() || id.intValue() < 0 || id.intValue() >= tokens) {
      throw c.wrong("ids", id, "the id of a token");
    }
    return id.intValue();
  }

  private static int[] concat(int[] first, int[] second) {
    IntList out = new IntList();
    out.addAll(first);
    out.addAll(second);
    return out.toArray();
  }
}
