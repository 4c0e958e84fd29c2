package dev.nearside.serve.openai;

import dev.nearside.chat.RerankRequest;
import dev.nearside.serve.http.Fields;
import dev.nearside.serve.http.HttpProblem;
import dev.nearside.serve.http.Shape;
import dev.nearside.serve.http.Shape.FieldType;
import dev.nearside.serve.reply.KeepAlive;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A rerank request, as Jina and Cohere have it ({@code documents}) or Hugging Face's text
 * embeddings inference ({@code texts}).
 *
 * @param model empty when none is named
 * @param count how many of the best are wanted
 * @param hasTexts whether the documents are repeated in the answer
 * @param isBare whether the answer is a bare list, as that of text embeddings inference
 */
record RerankFields(
    Optional<String> model,
    RerankRequest request,
    int count,
    boolean hasTexts,
    boolean isBare,
    @Nullable Duration keepAlive) {
  private static final int MAX_DOCUMENTS = 2048;

  /** Cohere's default. */
  private static final int TOKENS_PER_DOCUMENT = 4096;

  static final Shape SHAPE =
      Shape.EMPTY
          .with(FieldType.TEXT, "model", "query", "user", "truncation_direction")
          .with(FieldType.LIST, "documents", "texts", "rank_fields")
          .with(FieldType.WHOLE, "top_n", "max_tokens_per_doc", "priority")
          .with(FieldType.FLAG, "return_documents", "return_text", "raw_scores", "truncate")
          .with(FieldType.ANY, "keep_alive")
          .needs("query");

  static RerankFields read(Fields f) {
    SHAPE.check(f);
    refuseOtherReadings(f);
    boolean isBare = f.has("texts");
    String key = isBare ? "texts" : "documents";
    f.need(key);
    List<String> documents = new ArrayList<>();
    List<JsonNode> nodes = f.list(key);
    for (int i = 0; i < nodes.size(); i++) {
      documents.add(document(nodes.get(i), f.name(key) + "[" + i + "]"));
    }
    if (documents.isEmpty() || documents.size() > MAX_DOCUMENTS) {
      throw f.wrong(key, "must hold 1 to " + MAX_DOCUMENTS + " documents");
    }
    RerankRequest request =
        new RerankRequest(
            f.needText("query"), documents, f.flag("raw_scores", false), f.flag("truncate", false));
    int count = f.whole("top_n", 1, Integer.MAX_VALUE).orElse(documents.size());
    return new RerankFields(
        f.text("model"),
        request,
        Math.min(count, documents.size()),
        f.flag("return_documents", false) || f.flag("return_text", false),
        isBare,
        KeepAlive.read(f));
  }

  // What changes the scores and is not done here may only say what is done anyway.
  private static void refuseOtherReadings(Fields f) {
    int tokens = f.whole("max_tokens_per_doc", 1, Integer.MAX_VALUE).orElse(TOKENS_PER_DOCUMENT);
    if (tokens != TOKENS_PER_DOCUMENT) {
      throw f.wrong(
          "max_tokens_per_doc",
          "is not supported: a document is read whole, or as far as the model reads");
    }
    List<String> ranked = f.texts("rank_fields");
    if (!ranked.isEmpty() && !ranked.equals(List.of("text"))) {
      throw f.wrong("rank_fields", "is not supported: of an object 'text' is read");
    }
    if (!f.text("truncation_direction").orElse("Right").equalsIgnoreCase("Right")) {
      throw f.wrong("truncation_direction", "is not supported but as 'Right': the end is cut off");
    }
  }

  private static String document(JsonNode node, String name) {
    if (node.isObject() && node.has("image")) {
      throw HttpProblem.invalid(name + ".image", "'" + name + ".image' can't be read: texts only");
    }
    JsonNode text = node.isObject() ? node.path("text") : node;
    if (!text.isString()) {
      throw HttpProblem.invalid(name, "'" + name + "' must be a string, or an object with 'text'");
    }
    return text.stringValue();
  }
}
