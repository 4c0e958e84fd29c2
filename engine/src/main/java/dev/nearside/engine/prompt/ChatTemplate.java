package dev.nearside.engine.prompt;

import dev.nearside.chat.ChatRequest;
import dev.nearside.chat.Message;
import dev.nearside.jinja.Template;
import dev.nearside.jinja.TemplateOptions;
import dev.nearside.tokenizer.SpecialRole;
import dev.nearside.tokenizer.Tokenizer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** A model's chat template: messages in, prompt out. */
public final class ChatTemplate {
  private final Template template;
  private final String source;
  private final Tokenizer tokenizer;
  private final Clock clock;
  private final List<String> controlNames;

  /**
   * A prompt.
   *
   * @param text the rendered template
   * @param ids its tokens
   */
  public record Prompt(String text, int[] ids) {}

  private ChatTemplate(Template template, String source, Tokenizer tokenizer, Clock clock) {
    this.source = source;
    this.template = template;
    this.tokenizer = tokenizer;
    this.clock = clock;
    this.controlNames = Guarded.controlNames(tokenizer);
  }

  /**
   * Parses a template.
   *
   * @param clock for templates that print the date
   * @throws dev.nearside.jinja.TemplateException when the template is broken
   */
  public static ChatTemplate parse(String source, Tokenizer tokenizer, Clock clock) {
    return new ChatTemplate(
        Template.parse(source, TemplateOptions.huggingFace()), source, tokenizer, clock);
  }

  /** The template as written. */
  public String source() {
    return source;
  }

  /** Whether the template asks for a variable, such as {@code enable_thinking}. */
  public boolean mentions(String variable) {
    return template.variables().contains(variable);
  }

  /** The prompt after which the model answers. */
  public Prompt render(ChatRequest request) {
    return render(request.messages(), request.templateArgs());
  }

  /**
   * The prompt after which the model answers.
   *
   * @param args further variables of the template
   * @throws dev.nearside.jinja.TemplateException when the template refuses the messages
   */
  public Prompt render(List<Message> messages, Map<String, Object> args) {
    List<String> texts = messages.stream().map(Message::content).toList();
    Guarded guarded = Guarded.of(tokenizer, controlNames, texts);
    List<Map<String, Object>> turns = new ArrayList<>();
    for (Message m : messages) {
      Map<String, Object> turn = new LinkedHashMap<>();
      turn.put("role", m.role().wireName());
      turn.put("content", guarded.mark(m.content()));
      turns.add(turn);
    }
    Map<String, Object> vars = new LinkedHashMap<>();
    vars.put("messages", turns);
    vars.put("tools", null);
    vars.put("documents", null);
    vars.put("add_generation_prompt", true);
    vars.put("bos_token", text(SpecialRole.BOS));
    vars.put("eos_token", text(SpecialRole.EOS));
    vars.putAll(args);
    String rendered = template.render(vars, clock);
    return new Prompt(guarded.unmark(rendered), guarded.encode(rendered));
  }

  private String text(SpecialRole role) {
    OptionalInt id = tokenizer.specials().id(role);
    return id.isPresent() ? tokenizer.tokenText(id.getAsInt()) : "";
  }
}
