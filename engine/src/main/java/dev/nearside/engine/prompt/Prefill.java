package dev.nearside.engine.prompt;

import dev.nearside.chat.Message;
import dev.nearside.chat.Role;
import dev.nearside.engine.parse.syntax.Thinking;
import dev.nearside.jinja.TemplateException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A turn of the assistant that the model goes on with. A mark is put at the end of its text, and
 * what the template writes after the mark is cut off. A template that does not show the text, as
 * some don't show thoughts, gets it after the prompt of a new turn.
 */
final class Prefill {
  /** Renders with a last message, if not null, and with the prompt of a new turn, or without. */
  interface Rendering {
    String render(@Nullable Message last, boolean isNew);
  }

  private final @Nullable Thinking thinking;
  private final Message open;
  private final Guarded guarded;

  Prefill(@Nullable Thinking thinking, Message open, Guarded guarded) {
    this.thinking = thinking;
    this.open = open;
    this.guarded = guarded;
  }

  /** The last message, if the model goes on with it; calls are complete. */
  static @Nullable Message of(List<Message> messages) {
    Message last = messages.isEmpty() ? null : messages.getLast();
    boolean isOpen =
        last != null
            && last.role() == Role.ASSISTANT
            && last.toolCalls().isEmpty()
            && !(last.content().isEmpty() && thoughts(last).isEmpty());
    return isOpen ? last : null;
  }

  private static String thoughts(Message message) {
    String thoughts = message.reasoning();
    return thoughts == null ? "" : thoughts;
  }

  String render(Rendering rendering) {
    String marked = marked(rendering);
    int place = marked.lastIndexOf(guarded.place());
    boolean hasThoughts = thinking == null || marked.contains(guarded.mark(thoughts(open).strip()));
    return place >= 0 && hasThoughts
        ? marked.substring(0, place).replace(guarded.place(), "")
        : afterNewTurn(rendering.render(null, true));
  }

  private String marked(Rendering rendering) {
    boolean isThought = open.content().isEmpty();
    String thoughts = thoughts(open) + (isThought ? guarded.place() : "");
    String text = isThought ? "" : open.content() + guarded.place();
    Message last =
        new Message(
            Role.ASSISTANT,
            Message.assistant(text).parts(),
            List.of(),
            null,
            open.name(),
            thoughts.isEmpty() ? null : thoughts);
    try {
      return rendering.render(last, false);
    } catch (TemplateException e) {
      // Some templates refuse a chat that ends so; the other way is left.
      return "";
    }
  }

  private String afterNewTurn(String prompt) {
    StringBuilder out = new StringBuilder(prompt);
    String thoughts = guarded.mark(thoughts(open));
    if (thinking != null) {
      boolean isOpened = prompt.stripTrailing().endsWith(thinking.open());
      if (!thoughts.isEmpty()) {
        out.append(isOpened ? "" : thinking.open() + "\n").append(thoughts);
      }
      if (!open.content().isEmpty() && (isOpened || !thoughts.isEmpty())) {
        out.append('\n').append(thinking.close()).append("\n\n");
      }
    }
    return out.append(guarded.mark(open.content())).toString();
  }
}
