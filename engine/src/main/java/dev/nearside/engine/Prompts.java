package dev.nearside.engine;

import dev.nearside.base.Fault;
import dev.nearside.chat.ChatException;
import dev.nearside.chat.ChatRequest;
import dev.nearside.chat.Message;
import dev.nearside.chat.Part;
import dev.nearside.chat.Prompt;
import dev.nearside.chat.TokenService;
import dev.nearside.engine.prompt.ChatTemplate;
import dev.nearside.jinja.TemplateException;
import dev.nearside.tokenizer.DecodeOptions;
import dev.nearside.tokenizer.EncodeOptions;
import dev.nearside.tokenizer.SpecialRole;
import dev.nearside.tokenizer.SpecialTokens;
import dev.nearside.tokenizer.Tokenizer;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** From requests to token ids. */
final class Prompts implements TokenService {
  private final Tokenizer tokenizer;
  private final @Nullable ChatTemplate template;

  Prompts(Tokenizer tokenizer, @Nullable ChatTemplate template) {
    this.tokenizer = tokenizer;
    this.template = template;
  }

  /**
   * The chat template.
   *
   * @throws ChatException when the model has none
   */
  ChatTemplate template() {
    if (template == null) {
      throw new ChatException(
          Fault.of("the model has no chat template")
              .hint(
                  "It is a base model: complete a text instead (/v1/completions), or give"
                      + " --chat-template."));
    }
    return template;
  }

  /** The prompt of a chat. */
  ChatTemplate.Prompt of(ChatRequest request) {
    ChatTemplate asked = template();
    for (int i = 0; i < request.messages().size(); i++) {
      checkText(request.messages().get(i), i);
    }
    try {
      return asked.render(request);
    } catch (TemplateException e) {
      throw new ChatException(e.fault(), e); // roles in an order that it does not take, and such
    }
  }

  private static void checkText(Message message, int index) {
    for (int i = 0; i < message.parts().size(); i++) {
      if (message.parts().get(i) instanceof Part.Media(Part.Kind kind, String source)) {
        throw new ChatException(
            Fault.of("the model takes text only")
                .got(kind.name().toLowerCase(Locale.ROOT))
                .where("messages[" + index + "].content[" + i + "]"));
      }
    }
  }

  /** The prompt of a completion. */
  int[] of(Prompt prompt) {
    return switch (prompt) {
      case Prompt.Text(String text, boolean parseSpecial) ->
          tokenizer.encode(text, new EncodeOptions(parseSpecial, true));
      case Prompt.Ids(int[] ids) -> checked(ids);
      case Prompt.Infill infill -> infill(infill);
    };
  }

  /** Whether the vocabulary has the tokens to fill a gap. */
  static boolean canInfill(Tokenizer tokenizer) {
    SpecialTokens specials = tokenizer.specials();
    return specials.id(SpecialRole.FIM_PREFIX).isPresent()
        && specials.id(SpecialRole.FIM_SUFFIX).isPresent()
        && specials.id(SpecialRole.FIM_MIDDLE).isPresent();
  }

  // Prefix, suffix, middle: the order in which code models are trained (Bavarian et al. 2022).
  private int[] infill(Prompt.Infill gap) {
    if (!canInfill(tokenizer)) {
      throw new ChatException(
          Fault.of("the model can't fill a gap").hint("Its vocabulary has no tokens for it."));
    }
    SpecialTokens specials = tokenizer.specials();
    IntStream start = specials.addBos() ? token(SpecialRole.BOS) : IntStream.empty();
    return Stream.of(
            start,
            token(SpecialRole.FIM_PREFIX),
            text(gap.prefix()),
            token(SpecialRole.FIM_SUFFIX),
            text(gap.suffix()),
            token(SpecialRole.FIM_MIDDLE))
        .flatMapToInt(ids -> ids)
        .toArray();
  }

  private IntStream text(String text) {
    return IntStream.of(tokenizer.encode(text, EncodeOptions.TEXT));
  }

  private IntStream token(SpecialRole role) {
    OptionalInt id = tokenizer.specials().id(role);
    return id.isPresent() ? IntStream.of(id.getAsInt()) : IntStream.empty();
  }

  private int[] checked(int[] ids) {
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] < 0 || ids[i] >= tokenizer.vocabSize()) {
        throw new ChatException(
            Fault.of("token id is out of range")
                .got(ids[i])
                .expected("0 to " + (tokenizer.vocabSize() - 1))
                .where("token " + i));
      }
    }
    return ids.clone();
  }

  @Override
  public int[] tokenize(String text, boolean parseSpecial, boolean addSpecial) {
    return tokenizer.encode(text, new EncodeOptions(parseSpecial, addSpecial));
  }

  @Override
  public String detokenize(int[] ids) {
    return tokenizer.decode(checked(ids), DecodeOptions.VISIBLE);
  }

  @Override
  public byte[] bytes(int id) {
    checked(new int[] {id});
    return tokenizer.tokenBytes(id);
  }

  @Override
  public String render(ChatRequest request) {
    return of(request).text();
  }

  @Override
  public int count(ChatRequest request) {
    return of(request).ids().length;
  }
}
