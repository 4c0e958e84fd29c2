package dev.nearside.serve.ollama;

import dev.nearside.chat.ChatRequest;
import dev.nearside.chat.ChatSink;
import dev.nearside.chat.CompletionRequest;
import dev.nearside.chat.Finished;
import dev.nearside.chat.Message;
import dev.nearside.chat.ModelFacts;
import dev.nearside.chat.ModelLease;
import dev.nearside.chat.Part;
import dev.nearside.chat.Prompt;
import dev.nearside.chat.Role;
import dev.nearside.chat.TokenService;
import dev.nearside.chat.Tools;
import dev.nearside.serve.http.Json;
import dev.nearside.serve.reply.MediaPlaces;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;

/**
 * How a request of {@code /api/generate} is answered: as a chat of one turn where the model has a
 * template and nothing stands against it, else as a completion.
 *
 * @param rendered the prompt as text, where the reply's context continues it; null where no context
 *     is given
 */
record GenerateTask(
    ModelLease lease,
    @Nullable ChatRequest chat,
    @Nullable CompletionRequest completion,
    @Nullable String rendered) {
  static GenerateTask of(GenerateFields asked, ModelLease lease, Clock clock) {
    MediaPlaces media = new MediaPlaces();
    List<Part> images = images(asked, media);
    media.check(lease.facts());
    if (asked.suffix() != null) {
      return completion(asked, lease, new Prompt.Infill(asked.prompt(), asked.suffix()), null);
    }
    if (asked.isRaw()) {
      return completion(asked, lease, prompt(lease.tokens(), asked.prompt(), true), null);
    }
    boolean isBase = !lease.facts().can(ModelFacts.Ability.CHAT) && asked.template() == null;
    if (isBase) {
      if (!asked.images().isEmpty()) {
        throw asked.fields().wrong("images", "can't be used: the model takes text only");
      }
      String system = asked.system() == null ? "" : asked.system() + "\n\n";
      String before = before(asked, lease.tokens());
      String text = before + system + asked.prompt();
      return completion(asked, lease, prompt(lease.tokens(), text, !before.isEmpty()), text);
    }
    ChatRequest request = chat(asked, images, lease.facts());
    if (asked.template() == null && asked.context().length == 0) {
      return new GenerateTask(lease, request, null, lease.tokens().render(request));
    }
    String turn =
        asked.template() == null
            ? lease.tokens().render(request)
            : OwnTemplate.render(asked.template(), request, clock);
    String text = before(asked, lease.tokens()) + turn;
    return completion(asked, lease, prompt(lease.tokens(), text, true), text);
  }

  private static List<Part> images(GenerateFields asked, MediaPlaces media) {
    List<Part> out = new ArrayList<>();
    for (String image : asked.images()) {
      out.add(media.add("images[" + out.size() + "]", Part.Kind.IMAGE, image));
    }
    return out;
  }

  private static ChatRequest chat(GenerateFields asked, List<Part> images, ModelFacts facts) {
    List<Message> messages = new ArrayList<>();
    if (asked.system() != null) {
      messages.add(Message.system(asked.system()));
    }
    List<Part> parts = new ArrayList<>();
    parts.add(new Part.Text(asked.prompt()));
    parts.addAll(images);
    messages.add(new Message(Role.USER, parts, List.of(), null, null, null));
    return new ChatRequest(
        messages,
        Tools.NONE,
        asked.generation(),
        GenerationFields.templateArgs(asked.fields(), facts));
  }

  private static GenerateTask completion(
      GenerateFields asked, ModelLease lease, Prompt prompt, @Nullable String rendered) {
    return new GenerateTask(
        lease, null, new CompletionRequest(prompt, asked.generation()), rendered);
  }

  // A text may begin with the start token that the tokenizer would add once more.
  private static Prompt prompt(TokenService tokens, String text, boolean parseSpecial) {
    int[] with = tokens.tokenize(text, parseSpecial, true);
    boolean isDouble = with.length > 1 && with[0] == with[1];
    return new Prompt.Ids(isDouble ? tokens.tokenize(text, parseSpecial, false) : with);
  }

  private static String before(GenerateFields asked, TokenService tokens) {
    return asked.context().length == 0 ? "" : tokens.detokenize(asked.context());
  }

  Finished run(ChatSink sink) throws InterruptedException {
    return completion != null
        ? lease.completions().complete(completion, sink)
        : lease.chats().chat(Objects.requireNonNull(chat), sink);
  }

  /** The conversation with the reply, as tokens. */
  ArrayNode context(String reply) {
    ArrayNode out = Json.array();
    if (rendered != null) {
      for (int id : lease.tokens().tokenize(rendered + reply, true, false)) {
        out.add(id);
      }
    }
    return out;
  }
}
