package dev.nearside.engine.parse.read;

import dev.nearside.chat.ChatEvent;
import dev.nearside.chat.ToolSpec;
import dev.nearside.engine.parse.ReplyContext;
import dev.nearside.engine.parse.syntax.IdStyle;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Makes events of the calls of one reply. */
final class CallWriter {
  private static final String LETTERS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int OPENAI_LENGTH = 24;
  private static final int MISTRAL_LENGTH = 9;

  private final List<ToolSpec> tools;
  private final IdStyle style;
  private final RandomGenerator random;
  private final Set<String> ids = new HashSet<>();
  private final List<ChatEvent> events = new ArrayList<>();
  private final int most;
  private int count;
  private boolean isOpen;
  private boolean hasArguments;
  private boolean wantsKnown;
  // One call too many.
  private boolean isIgnored;

  private @Nullable String id;
  private @Nullable String name;

  CallWriter(ReplyContext context, IdStyle style) {
    this.tools = context.tools();
    this.style = style;
    this.random = context.random();
    this.most = context.isParallel() ? Integer.MAX_VALUE : 1;
  }

  /**
   * What looks like a call begins.
   *
   * @param isKnown whether only the tools that are offered may be called
   */
  void begin(boolean isKnown) {
    wantsKnown = isKnown;
    id = null;
    name = null;
  }

  /** The name is known; the call is not certain yet. */
  boolean name(String called) {
    if (called.isBlank() || (wantsKnown && !isKnown(called))) {
      return false;
    }
    name = called;
    return true;
  }

  /** The id that the model gives. */
  void id(String given) {
    if (!given.isBlank()) {
      id = given;
    }
  }

  boolean hasName() {
    return name != null;
  }

  boolean hasId() {
    return id != null;
  }

  String name() {
    return name == null ? "" : name;
  }

  /** The tool that is called, if it is offered. */
  @Nullable ToolSpec tool() {
    for (ToolSpec tool : tools) {
      if (tool.name().equals(name)) {
        return tool;
      }
    }
    return null;
  }

  List<ToolSpec> tools() {
    return tools;
  }

  private boolean isKnown(String called) {
    return tools.stream().anyMatch(tool -> tool.name().equals(called));
  }

  /** Whether a call has begun and not ended. */
  boolean isOpen() {
    return isOpen;
  }

  /** Whether there may be no more calls. */
  boolean isFull() {
    return count >= most;
  }

  /** The call is certain: it begins, if it has not yet. */
  void start() {
    boolean isNew = !isOpen;
    if (isNew) {
      isOpen = true;
      hasArguments = false;
      isIgnored = isFull();
    }
    if (isNew && !isIgnored) {
      events.add(new ChatEvent.ToolCallStart(count, unique(id), name()));
      count++;
    }
  }

  /** More of the arguments. */
  void arguments(String piece) {
    start();
    if (!piece.isEmpty()) {
      hasArguments = true;
      if (!isIgnored) {
        events.add(new ChatEvent.ToolCallArguments(count - 1, piece));
      }
    }
  }

  /** The call ends; without arguments it has none, which is an empty object. */
  void end() {
    if (!hasArguments) {
      arguments("{}");
    }
    isOpen = false;
    id = null;
    name = null;
  }

  /** The reply ended within the call. */
  void breakOff() {
    isOpen = false;
  }

  /** The events so far. */
  List<ChatEvent> take() {
    List<ChatEvent> taken = List.copyOf(events);
    events.clear();
    return taken;
  }

  // A model may give the same id to several calls; their results could not be told apart.
  private String unique(@Nullable String given) {
    String made = given == null ? make() : given;
    while (!ids.add(made)) {
      made = style == IdStyle.KIMI ? make() + "-" + random(MISTRAL_LENGTH) : make();
    }
    return made;
  }

  private String make() {
    return switch (style) {
      case OPENAI -> "call_" + random(OPENAI_LENGTH);
      case MISTRAL -> random(MISTRAL_LENGTH);
      case KIMI -> "functions." + name() + ":" + count;
    };
  }

  private String random(int length) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < length; i++) {
      out.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return out.toString();
  }
}
