package dev.nearside.chat;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One turn of a chat.
 *
 * @param parts the content
 * @param toolCalls what an assistant asked for
 * @param toolCallId of a tool's turn: the call that it answers
 * @param name of a tool's turn: the tool; else who speaks, for templates that tell
 * @param reasoning what an assistant thought before it answered
 */
public record Message(
    Role role,
    List<Part> parts,
    List<ToolCall> toolCalls,
    @Nullable String toolCallId,
    @Nullable String name,
    @Nullable String reasoning) {

  public Message {
    parts = List.copyOf(parts);
    toolCalls = List.copyOf(toolCalls);
  }

  public Message(Role role, String content) {
    this(role, List.of(new Part.Text(content)), List.of(), null, null, null);
  }

  public static Message system(String content) {
    return new Message(Role.SYSTEM, content);
  }

  public static Message user(String content) {
    return new Message(Role.USER, content);
  }

  public static Message assistant(String content) {
    return new Message(Role.ASSISTANT, content);
  }

  /** The result of a tool call. */
  public static Message tool(String toolCallId, @Nullable String name, String content) {
    return new Message(
        Role.TOOL, List.of(new Part.Text(content)), List.of(), toolCallId, name, null);
  }

  /** All text, one part after the other. */
  public String content() {
    return parts.stream()
        .map(part -> part instanceof Part.Text(String text) ? text : "")
        .collect(Collectors.joining());
  }
}
