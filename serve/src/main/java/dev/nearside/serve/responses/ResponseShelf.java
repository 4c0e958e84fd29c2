package dev.nearside.serve.responses;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The answers that are kept for one key; empty where there is none of that id. */
interface ResponseShelf {
  /**
   * Keeps an answer.
   *
   * @param response the object as it was sent
   * @param input all items that it answers, those of earlier responses too
   * @param output the items of the answer
   */
  void put(ObjectNode response, List<JsonNode> input, List<JsonNode> output);

  /** An answer as it was sent, as JSON. */
  Optional<byte[]> response(String id);

  /** What it answers. */
  Optional<List<JsonNode>> input(String id);

  /** What it answers, and the answer's items. */
  Optional<List<JsonNode>> conversation(String id);

  /** An item that was sent or received before, as the latest answer has it. */
  Optional<JsonNode> item(String id);

  /** Forgets an answer; false when it was not there. */
  boolean remove(String id);
}
