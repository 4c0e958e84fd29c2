package dev.nearside.serve.ollama;

import dev.nearside.chat.ChatEvent;
import dev.nearside.serve.http.Json;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tool calls as they grow. Ollama's have their arguments as an object, so that a call leaves when
 * it is whole; one that the token limit cut is left out, and {@code done_reason} says so.
 */
final class ToolCalls {
  private record Call(int index, String id, String name, StringBuilder arguments) {}

  private final List<Call> calls = new ArrayList<>();

  void start(ChatEvent.ToolCallStart start) {
    calls.add(new Call(start.index(), start.id(), start.name(), new StringBuilder()));
  }

  void more(ChatEvent.ToolCallArguments piece) {
    for (Call call : calls) {
      if (call.index == piece.index()) {
        call.arguments.append(piece.piece());
      }
    }
  }

  /** The calls since the last time. */
  ArrayNode take() {
    ArrayNode out = Json.array();
    for (Call call : calls) {
      String text = call.arguments.isEmpty() ? "{}" : call.arguments.toString();
      JsonNode arguments = Json.parse(text);
      if (arguments != null && arguments.isObject()) {
        ObjectNode node = out.addObject();
        if (!call.id.isEmpty()) {
          node.put("id", call.id);
        }
        node.putObject("function")
            .put("index", call.index)
            .put("name", call.name)
            .set("arguments", arguments);
      }
    }
    calls.clear();
    return out;
  }
}
