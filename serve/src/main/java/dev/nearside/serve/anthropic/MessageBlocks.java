package dev.nearside.serve.anthropic;

import dev.nearside.chat.Message;
import dev.nearside.chat.Part;
import dev.nearside.chat.Role;
import dev.nearside.chat.ToolCall;
import dev.nearside.serve.http.Fields;
import dev.nearside.serve.http.Json;
import dev.nearside.serve.reply.MediaPlaces;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A chat out of messages of blocks. Turns of one speaker in a row are one turn, as with Anthropic;
 * results of tools become turns of their own, before the text beside them.
 */
final class MessageBlocks {
  private static final Set<String> MESSAGE = Set.of("role", "content");
  private static final Set<String> DOCUMENT =
      Set.of("type", "source", "title", "context", "citations", "cache_control");

  private final MediaPlaces media;
  private final Map<String, String> toolNames = new HashMap<>();
  private final List<Message> out = new ArrayList<>();

  private MessageBlocks(MediaPlaces media) {
    this.media = media;
  }

  static List<Message> read(Fields request, MediaPlaces media) {
    request.need("messages");
    MessageBlocks blocks = new MessageBlocks(media);
    blocks.system(request);
    List<Fields> messages = request.objects("messages");
    if (messages.isEmpty()) {
      throw request.wrong("messages", "must hold at least one message");
    }
    messages.forEach(blocks::message);
    return blocks.out;
  }

  private void system(Fields request) {
    JsonNode node = request.find("system");
    if (node == null) {
      return;
    }
    String text =
        node.isString()
            ? node.stringValue()
            : request.objects("system").stream()
                .map(block -> {
                  needType(block, "text");
                  return block.needText("text");
                })
                .collect(Collectors.joining("\n\n"));
    if (!text.isEmpty()) {
      out.add(Message.system(text));
    }
  }

  private void message(Fields m) {
    m.refuseOthers(MESSAGE);
    String role = m.needText("role");
    JsonNode content = m.need("content");
    switch (role) {
      case "user" -> user(m, content);
      case "assistant" -> assistant(m, content);
      default -> throw m.wrong("role", "must be user or assistant: " + role);
    }
  }

  private void user(Fields m, JsonNode content) {
    List<Part> parts = new ArrayList<>();
    if (content.isString()) {
      parts.add(new Part.Text(content.stringValue()));
    } else {
      for (Fields block : m.objects("content")) {
        if (block.needText("type").equals("tool_result")) {
          out.add(result(block));
        } else {
          parts.add(part(block));
        }
      }
    }
    if (!parts.isEmpty()) {
      add(new Message(Role.USER, parts, List.of(), null, null, null));
    }
  }

  private Message result(Fields block) {
    block.refuseOthers(Set.of("type", "tool_use_id", "content", "is_error", "cache_control"));
    List<Part> parts = new ArrayList<>();
    if (block.flag("is_error", false)) {
      parts.add(new Part.Text("Error: ")); // templates have no other way to say it
    }
    JsonNode content = block.find("content");
    if (content != null && content.isString()) {
      parts.add(new Part.Text(content.stringValue()));
    } else {
      block.objects("content").forEach(inner -> parts.add(part(inner)));
    }
    String id = block.needText("tool_use_id");
    return new Message(Role.TOOL, parts, List.of(), id, toolNames.get(id), null);
  }

  private void assistant(Fields m, JsonNode content) {
    List<Part> parts = new ArrayList<>();
    List<ToolCall> calls = new ArrayList<>();
    String thoughts = null;
    if (content.isString()) {
      parts.add(new Part.Text(content.stringValue()));
    } else {
      for (Fields block : m.objects("content")) {
        switch (block.needText("type")) {
          case "thinking" -> thoughts = join(thoughts, block.needText("thinking"));
          case "redacted_thinking" -> {} // what only Anthropic can read, no other model needs
          case "tool_use" -> calls.add(call(block));
          default -> parts.add(part(block));
        }
      }
    }
    add(new Message(Role.ASSISTANT, parts, calls, null, null, thoughts));
  }

  private ToolCall call(Fields block) {
    block.refuseOthers(Set.of("type", "id", "name", "input", "cache_control", "caller"));
    String id = block.needText("id");
    String name = block.needText("name");
    toolNames.put(id, name);
    JsonNode input = block.object("input").map(Fields::object).orElseGet(Json::object);
    return new ToolCall(id, name, Json.text(input));
  }

  private Part part(Fields block) {
    String type = block.needText("type");
    return switch (type) {
      case "text" -> {
        block.refuseOthers(Set.of("type", "text", "cache_control", "citations"));
        yield new Part.Text(block.needText("text"));
      }
      case "image" -> media.add(block, Part.Kind.IMAGE, "");
      case "document" -> document(block);
      default -> throw block.wrong("type", "is no block that this server takes: " + type);
    };
  }

  // A document of text is text with a title; another is a file.
  private Part document(Fields block) {
    block.refuseOthers(DOCUMENT);
    boolean isCited = block.object("citations").map(c -> c.flag("enabled", false)).orElse(false);
    if (isCited) {
      throw block.wrong("citations", "can't be made here");
    }
    Fields source = block.object("source").orElseThrow(() -> block.wrong("source", "is required"));
    String text =
        switch (source.needText("type")) {
          case "text" -> source.needText("data");
          case "content" -> content(source);
          default -> null;
        };
    if (text == null) {
      return media.add(block, Part.Kind.FILE, block.text("title").orElse(""));
    }
    String title = block.text("title").map(t -> t + "\n\n").orElse("");
    String context = block.text("context").map(c -> c + "\n\n").orElse("");
    return new Part.Text(title + context + text);
  }

  private static @Nullable String content(Fields source) {
    JsonNode node = source.need("content");
    if (node.isString()) {
      return node.stringValue();
    }
    List<Fields> blocks = source.objects("content");
    boolean isText = blocks.stream().allMatch(b -> b.needText("type").equals("text"));
    return isText
        ? blocks.stream().map(b -> b.needText("text")).collect(Collectors.joining("\n"))
        : null;
  }

  private static void needType(Fields block, String type) {
    if (!block.needText("type").equals(type)) {
      throw block.wrong("type", "must be " + type);
    }
  }

  private void add(Message next) {
    Message last = out.isEmpty() ? null : out.getLast();
    if (last == null || last.role() != next.role()) {
      out.add(next);
      return;
    }
    List<Part> parts = new ArrayList<>(last.parts());
    parts.addAll(next.parts());
    List<ToolCall> calls = new ArrayList<>(last.toolCalls());
    calls.addAll(next.toolCalls());
    String thoughts =
        next.reasoning() == null ? last.reasoning() : join(last.reasoning(), next.reasoning());
    out.set(out.size() - 1, new Message(next.role(), parts, calls, null, null, thoughts));
  }

  private static String join(@Nullable String first, String second) {
    return first == null ? second : first + "\n" + second;
  }
}
