package dev.nearside.serve.llamacpp;

import dev.nearside.chat.ChatRequest;
import dev.nearside.chat.ModelLease;
import dev.nearside.serve.Services;
import dev.nearside.serve.http.Doc;
import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.http.Fields;
import dev.nearside.serve.http.Json;
import dev.nearside.serve.openai.ChatFields;
import dev.nearside.serve.reply.MediaPlaces;

/**
 * The prompt of a chat, or its length, without an answer.
 *
 * @param path {@code /apply-template}, or one that counts
 * @param isCount whether the tokens are counted instead of shown
 */
public record ApplyTemplate(Services services, String path, boolean isCount)
    implements LlamaEndpoint {
  @Override
  public String promptField() {
    return "messages";
  }

  @Override
  public Doc doc() {
    return Doc.of(
        isCount ? "Counts the tokens of a chat." : "Shows the prompt that a chat becomes.",
        ChatFields.MESSAGES.needs("messages"));
  }

  @Override
  public void handle(Exchange exchange) throws Exception {
    Fields f = exchange.fields();
    MediaPlaces media = new MediaPlaces();
    ChatRequest request = ChatFields.messages(f, media);
    try (ModelLease lease = model(f)) {
      media.check(lease.facts());
      exchange.json(
          200,
          isCount
              ? Json.object().put("input_tokens", lease.tokens().count(request))
              : Json.object().put("prompt", lease.tokens().render(request)));
    }
  }
}
