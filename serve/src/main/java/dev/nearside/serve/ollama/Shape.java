package dev.nearside.serve.ollama;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Where an endpoint's objects hold the pieces of a reply. */
enum Shape {
  /** {@code /api/chat}: in {@code message}. */
  CHAT,
  /** {@code /api/generate}: in the object itself. */
  GENERATE;

  /** Puts a reply, or a piece of it, into {@code object}; what is empty is left out. */
  void put(ObjectNode object, String text, String thinking, ArrayNode calls) {
    ObjectNode holder = object;
    if (this == CHAT) {
      holder = object.putObject("message").put("role", "assistant");
    }
    holder.put(this == CHAT ? "content" : "response", text);
    if (!thinking.isEmpty()) {
      holder.put("thinking", thinking);
    }
    if (!calls.isEmpty()) {
      holder.set("tool_calls", (JsonNode) calls);
    }
  }
}
