package dev.nearside.engine.prompt;

import dev.nearside.chat.ChatRequest;
import dev.nearside.chat.Message;
import dev.nearside.chat.OutputFormat;
import dev.nearside.chat.ToolChoice;
import dev.nearside.chat.Tools;
import dev.nearside.engine.parse.Parsers;
import dev.nearside.engine.parse.ReplyContext;
import dev.nearside.engine.parse.ReplyParser;
import dev.nearside.engine.parse.constrain.CallGrammar;
import dev.nearside.engine.parse.constrain.Literals;
import dev.nearside.engine.parse.family.Families;
import dev.nearside.engine.parse.syntax.ReplyFormat;
import dev.nearside.engine.parse.syntax.Thinking;
import dev.nearside.grammar.Expr;
import dev.nearside.jinja.Template;
import dev.nearside.jinja.TemplateOptions;
import dev.nearside.tokenizer.SpecialRole;
import dev.nearside.tokenizer.Tokenizer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A model's chat template: messages in, prompt out. */
public final class ChatTemplate {
  private final String source;
  private final Template template;
  private final ReplyFormat format;
  private final Tokenizer tokenizer;
  private final Renderer renderer;
  private final ControlNames controlNames;
  private final Map<Boolean, Set<Integer>> shown;
  private final Turns turns;
  private final ToolsInWords words;

  /**
   * A prompt.
   *
   * @param text the rendered template
   * @param ids its tokens
   * @param start where in the reply it ends
   */
  public record Prompt(String text, int[] ids, ReplyContext.Start start) {}

  private ChatTemplate(String source, Tokenizer tokenizer, Clock clock) {
    this.source = source;
    this.template = Template.parse(source, TemplateOptions.huggingFace());
    this.format = Families.of(source);
    this.tokenizer = tokenizer;
    this.renderer = new Renderer(template, basics(), clock);
    this.controlNames = ControlNames.of(tokenizer);
    this.shown = Map.of(true, shown(true), false, shown(false));
    Probe probe = new Probe(renderer);
    this.turns = new Turns(template, probe);
    this.words = new ToolsInWords(probe, format.calls().getFirst());
  }

  /**
   * Parses a template.
   *
   * @param clock for templates that print the date
   * @throws dev.nearside.jinja.TemplateException when the template is broken
   */
  public static ChatTemplate parse(String source, Tokenizer tokenizer, Clock clock) {
    return new ChatTemplate(source, tokenizer, clock);
  }

  /** The template as written. */
  public String source() {
    return source;
  }

  /** Whether the template asks for a variable, such as {@code enable_thinking}. */
  public boolean mentions(String variable) {
    return template.variables().contains(variable);
  }

  /** How the model writes replies, calls of tools above all. */
  public ReplyFormat format() {
    return format;
  }

  /**
   * A parser for the reply to a request. As in llama.cpp's server, {@code reasoning_format: none}
   * among the template's arguments leaves thoughts in the text.
   *
   * @param prompt what the model goes on from
   * @param random for the ids of calls
   */
  public ReplyParser parser(ChatRequest request, Prompt prompt, RandomGenerator random) {
    Tools tools = offered(request);
    ReplyContext context =
        new ReplyContext(tools.specs(), tools.isParallel(), prompt.start(), random);
    ReplyParser parser = Parsers.of(format, context, prompt.text());
    OutputFormat output = request.generation().format();
    if (output instanceof OutputFormat.JsonObject || output instanceof OutputFormat.JsonSchema) {
      parser = Parsers.withoutFence(parser);
    }
    boolean isRaw = "none".equals(request.templateArgs().get("reasoning_format"));
    return isRaw ? Parsers.withThoughtsAsText(parser, format, prompt.start()) : parser;
  }

  /** The grammar of the reply to a request; empty when its tools bind nothing. */
  public Optional<CallGrammar> callGrammar(ChatRequest request, Prompt prompt) {
    boolean hasFormat = !(request.generation().format() instanceof OutputFormat.Text);
    ReplyContext.Start start = prompt.start();
    ReplyFormat own =
        start == ReplyContext.Start.REPLY ? format.withThinking(ownThinking()) : format;
    return CallGrammar.of(own, offered(request), start, hasFormat, literals());
  }

  /** The thoughts that the prompt has opened, up to their end; null when it has not. */
  public @Nullable Expr restOfThoughts(Prompt prompt) {
    boolean isOpen =
        prompt.start() == ReplyContext.Start.THOUGHTS
            || prompt.start() == ReplyContext.Start.WITHIN_THOUGHTS;
    return isOpen && format.thinking() != null
        ? literals().textThen(format.thinking().close())
        : null;
  }

  private Literals literals() {
    return new Literals(controlNames.all());
  }

  /** The control tokens that belong to the reply's format: the parser has to see them. */
  public Set<Integer> shownTokens(ChatRequest request) {
    return Objects.requireNonNull(shown.get(!offered(request).specs().isEmpty()));
  }

  private Set<Integer> shown(boolean hasTools) {
    Set<String> literals = format.literals(hasTools);
    return controlNames.all().stream()
        .filter(name -> literals.stream().anyMatch(literal -> literal.contains(name)))
        .flatMapToInt(name -> tokenizer.id(name).stream())
        .boxed()
        .collect(Collectors.toUnmodifiableSet());
  }

  // A model that must not call tools is not told of them.
  private static Tools offered(ChatRequest request) {
    return request.tools().choice() instanceof ToolChoice.None ? Tools.NONE : request.tools();
  }

  /** The prompt after which the model answers; without tools. */
  public Prompt render(List<Message> messages, Map<String, Object> args) {
    return render(ChatRequest.of(messages), args);
  }

  /**
   * The prompt after which the model answers. If the last message is an assistant's, its turn stays
   * open, and the model goes on with it.
   *
   * @throws dev.nearside.jinja.TemplateException when the template refuses the messages
   */
  public Prompt render(ChatRequest request) {
    return render(request, request.templateArgs());
  }

  private Prompt render(ChatRequest request, Map<String, Object> args) {
    Tools tools = offered(request);
    List<Message> shown = words.say(request.messages(), tools);
    Message open = Prefill.of(shown);
    List<Message> before = open == null ? shown : shown.subList(0, shown.size() - 1);

    Map<String, @Nullable Object> vars = new LinkedHashMap<>();
    if (!tools.specs().isEmpty() && words.isNative(tools)) {
      vars.put("tools", Turns.tools(tools.specs()));
    }
    vars.putAll(args);
    Guarded guarded = Guarded.of(tokenizer, controlNames, texts(vars, shown));
    vars.replaceAll((name, value) -> guarded.markAll(value));
    String rendered =
        open == null
            ? render(vars, guarded.markAll(turns.messages(shown)), true)
            : new Prefill(ownThinking(), open, guarded)
                .render((last, isNew) -> {
                  List<Message> all = new ArrayList<>(before);
                  if (last != null) {
                    all.add(last);
                  }
                  return render(vars, guarded.markAll(turns.messages(all)), isNew);
                });
    return new Prompt(guarded.unmark(rendered), guarded.encode(rendered), start(rendered, open));
  }

  // Thoughts are only put into a prompt where the template does so too.
  private @Nullable Thinking ownThinking() {
    Thinking thinking = format.thinking();
    return thinking != null && source.contains(thinking.open()) ? thinking : null;
  }

  private String render(
      Map<String, @Nullable Object> vars, @Nullable Object messages, boolean isNew) {
    Map<String, @Nullable Object> all = new LinkedHashMap<>(vars);
    all.put("messages", messages);
    all.putIfAbsent("add_generation_prompt", isNew);
    return renderer.render(all);
  }

  private static List<String> texts(Map<String, @Nullable Object> vars, List<Message> messages) {
    List<String> texts = Guarded.texts(vars);
    for (Message message : messages) {
      texts.add(message.content());
      texts.addAll(Guarded.texts(message.reasoning()));
      texts.addAll(Guarded.texts(message.name()));
      texts.addAll(Guarded.texts(message.toolCallId()));
      message
          .toolCalls()
          .forEach(call -> {
            texts.add(call.id());
            texts.add(call.name());
            texts.add(call.arguments());
            texts.addAll(Guarded.texts(JsonArguments.parse(call)));
          });
    }
    return texts;
  }

  private ReplyContext.Start start(String rendered, @Nullable Message open) {
    if (open != null) {
      return open.content().isEmpty()
          ? ReplyContext.Start.WITHIN_THOUGHTS
          : ReplyContext.Start.WITHIN_TEXT;
    }
    Thinking thinking = format.thinking();
    if (thinking == null) {
      return ReplyContext.Start.REPLY;
    }
    String end = rendered.stripTrailing();
    boolean isOpen =
        end.endsWith(thinking.open())
            || thinking.headings().stream()
                .anyMatch(heading -> end.endsWith(thinking.open() + heading.strip()));
    return isOpen ? ReplyContext.Start.THOUGHTS : ReplyContext.Start.REPLY;
  }

  private Map<String, Object> basics() {
    return Map.of("bos_token", text(SpecialRole.BOS), "eos_token", text(SpecialRole.EOS));
  }

  private String text(SpecialRole role) {
    OptionalInt id = tokenizer.specials().id(role);
    return id.isPresent() ? tokenizer.tokenText(id.getAsInt()) : "";
  }
}
