package dev.nearside.engine.parse.constrain;

import dev.nearside.base.Fault;
import dev.nearside.chat.ChatException;
import dev.nearside.chat.ToolChoice;
import dev.nearside.chat.ToolSpec;
import dev.nearside.chat.Tools;
import dev.nearside.engine.parse.ReplyContext.Start;
import dev.nearside.engine.parse.syntax.CallPart;
import dev.nearside.engine.parse.syntax.CallSyntax;
import dev.nearside.engine.parse.syntax.IdStyle;
import dev.nearside.engine.parse.syntax.JsonKeys;
import dev.nearside.engine.parse.syntax.ReplyFormat;
import dev.nearside.engine.parse.syntax.Thinking;
import dev.nearside.grammar.Expr;
import dev.nearside.grammar.Grammar;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a reply with tools may look like. Where a call has to come, it comes after the thoughts;
 * where one may come, the text is free up to the marker of a call, and from there on it is one,
 * with arguments that follow the tool's schema. A reply that is a bare JSON object is a call once
 * it has named a tool, as the parser sees it too. Calls as in Python can't be told from text in
 * time: where they are not demanded, such a reply stays free.
 */
public final class CallGrammar {
  /** The rule where a reply begins. */
  public static final String ROOT = "reply";

  /** The rule of what an answer must look like, for the caller to define where it says so. */
  public static final String FORMAT = "format";

  private static final Expr SPACE = Expr.regex("\\s{0,4}");
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final ReplyFormat format;
  private final Tools tools;
  private final Start start;
  private final boolean hasFormat;
  private final Literals literals;

  private CallGrammar(
      ReplyFormat format, Tools tools, Start start, boolean hasFormat, Literals literals) {
    this.format = format;
    this.tools = tools;
    this.start = start;
    this.hasFormat = hasFormat;
    this.literals = literals;
  }

  /**
   * The grammar of a reply; empty when calls bind nothing.
   *
   * @param start where in the reply the prompt ends
   * @param hasFormat whether an answer has to follow the rule {@link #FORMAT}
   * @param literals fixed texts in the model's vocabulary
   * @throws ChatException when a tool is demanded that is not offered
   */
  public static Optional<CallGrammar> of(
      ReplyFormat format, Tools tools, Start start, boolean hasFormat, Literals literals) {
    if (tools.choice() instanceof ToolChoice.Named(String name)
        && tools.specs().stream().noneMatch(spec -> spec.name().equals(name))) {
      throw new ChatException(
          Fault.of("the tool that is demanded is not offered").got(name).where("tool_choice"));
    }
    boolean isForbidden = tools.choice() instanceof ToolChoice.None || tools.specs().isEmpty();
    CallGrammar grammar =
        new CallGrammar(format, isForbidden ? Tools.NONE : tools, start, hasFormat, literals);
    return grammar.isBound() ? Optional.of(grammar) : Optional.empty();
  }

  private boolean isBound() {
    if (tools.specs().isEmpty()) {
      // The answer's header comes before what the format says.
      return format.isHarmony() && hasFormat;
    }
    boolean isMarked = format.calls().getFirst().place() != CallSyntax.Place.START;
    boolean isBare = bareKeys(format.calls().getFirst()) != null && start != Start.WITHIN_TEXT;
    return isDemanded() || hasFormat || isMarked || isBare;
  }

  /** The keys of calls that are JSON objects without a marker, name first; null for others. */
  private static @Nullable JsonKeys bareKeys(CallSyntax syntax) {
    boolean isBare = syntax.place() == CallSyntax.Place.START && syntax.section() == null;
    return isBare
            && syntax.call().getFirst() instanceof CallPart.JsonCalls(JsonKeys keys, boolean isList)
            && !isList
            && keys.name() != null
            && (keys.id() == null || keys.isIdLast())
        ? keys
        : null;
  }

  private boolean isDemanded() {
    return !(tools.choice() instanceof ToolChoice.Auto);
  }

  private List<ToolSpec> offered() {
    return tools.choice() instanceof ToolChoice.Named(String name)
        ? tools.specs().stream().filter(spec -> spec.name().equals(name)).toList()
        : tools.specs();
  }

  /** Tells this grammar from others of the same model. */
  public String key() {
    List<Object> specs = new ArrayList<>();
    offered().forEach(tool -> specs.add(List.of(tool.name(), tool.parameters(), tool.isStrict())));
    return String.join(
        " ",
        "calls",
        start.name(),
        isDemanded() ? "demanded" : "free",
        tools.isParallel() ? "several" : "one",
        MAPPER.writeValueAsString(specs));
  }

  /**
   * Defines the rules.
   *
   * @throws dev.nearside.grammar.GrammarException where a strict tool's schema can't be honoured
   */
  public void define(Grammar.Builder builder) {
    new Rules(builder).define();
  }

  /** Rules on their way into a builder. */
  private final class Rules {
    private final Grammar.Builder builder;
    private final List<ToolSpec> offered = offered();
    private final PartRules parts;

    Rules(Grammar.Builder builder) {
      this.builder = builder;
      boolean hasShortIds = format.ids() == IdStyle.MISTRAL;
      this.parts = new PartRules(literals, new ToolRules(builder), hasShortIds);
    }

    void define() {
      CallSyntax syntax = format.calls().getFirst();
      BareValues.define(builder, syntax, literals);
      if (format.isHarmony()) {
        HarmonyRules harmony = new HarmonyRules(literals, parts, offered);
        builder.rule(ROOT, harmony.reply(start, isDemanded(), answer()));
        return;
      }
      Expr content = isDemanded() ? Expr.sequence(SPACE, calls(syntax, 0)) : either(syntax);
      builder.rule(ROOT, withThoughts(content));
    }

    private Expr answer() {
      return hasFormat ? Expr.rule(FORMAT) : Expr.anyText();
    }

    private Expr either(CallSyntax syntax) {
      return hasFormat
          ? Expr.choice(Expr.rule(FORMAT), Expr.sequence(SPACE, calls(syntax, 0)))
          : freeThenCalls(syntax);
    }

    private Expr withThoughts(Expr content) {
      Thinking thinking = format.thinking();
      if (thinking == null || start == Start.WITHIN_TEXT) {
        return content;
      }
      Expr closed = Expr.sequence(literals.textThen(thinking.close()), SPACE, content);
      if (start == Start.REPLY) {
        return Expr.choice(content, Expr.sequence(SPACE, literals.of(thinking.open()), closed));
      }
      return closed;
    }

    // The calls without their first characters, which were read already.
    private Expr calls(CallSyntax syntax, int read) {
      CallSyntax.Section section = syntax.section();
      Expr first = call(syntax, section == null ? read : 0);
      Expr more = Expr.sequence(literals.of(syntax.between()), call(syntax, 0));
      Expr all =
          tools.isParallel() && !isTogether(syntax)
              ? Expr.sequence(first, Expr.repeat(more, 0, Expr.UNLIMITED))
              : first;
      return section == null
          ? all
          : Expr.sequence(
              literals.of(section.open().substring(read)), all, literals.of(section.close()));
    }

    /** Whether one part holds all calls. */
    private boolean isTogether(CallSyntax syntax) {
      return syntax.call().stream()
          .anyMatch(part ->
              part instanceof CallPart.PythonCalls
                  || (part instanceof CallPart.JsonCalls calls && calls.isList()));
    }

    private Expr call(CallSyntax syntax, int read) {
      List<Expr> options = new ArrayList<>();
      if (isTogether(syntax)) {
        options.add(sequence(syntax, offered.getFirst(), read));
      } else {
        offered.forEach(tool -> options.add(sequence(syntax, tool, read)));
      }
      return new Expr.Choice(options);
    }

    private Expr sequence(CallSyntax syntax, ToolSpec tool, int read) {
      List<Expr> all = new ArrayList<>();
      for (int i = 0; i < syntax.call().size(); i++) {
        CallPart part = syntax.call().get(i);
        if (i == 0 && part instanceof CallPart.Literal(String text)) {
          all.add(literals.of(text.substring(read)));
        } else if (part instanceof CallPart.PythonCalls
            || (part instanceof CallPart.JsonCalls calls && calls.isList())) {
          all.add(list(part));
        } else {
          all.add(parts.of(part, tool));
        }
      }
      return new Expr.Sequence(all);
    }

    private Expr list(CallPart part) {
      Expr one = new Expr.Choice(offered.stream().map(tool -> parts.of(part, tool)).toList());
      Expr more = Expr.sequence(Expr.text(","), Literals.SPACE, one);
      Expr items =
          tools.isParallel() ? Expr.sequence(one, Expr.repeat(more, 0, Expr.UNLIMITED)) : one;
      return Expr.sequence(Expr.text("["), Literals.SPACE, items, Literals.SPACE, Expr.text("]"));
    }

    private Expr freeThenCalls(CallSyntax syntax) {
      JsonKeys bare = bareKeys(syntax);
      if (bare != null) {
        return Expr.choice(
            free(Expr.textNotBeginning(beginnings(bare))), Expr.sequence(SPACE, calls(syntax, 0)));
      }
      String trigger = trigger(syntax);
      if (literals.beginsWithToken(trigger)) {
        return Expr.sequence(free(Expr.anyText()), Expr.optional(calls(syntax, 0)));
      }
      Expr rest = calls(syntax, trigger.length());
      return Expr.choice(
          Expr.textWithout(List.of(trigger)),
          Expr.sequence(Expr.textUntil(List.of(trigger)), rest));
    }

    // What free text does not begin with: a call up to the tool's name, and thoughts.
    private String beginnings(JsonKeys keys) {
      String space = "( |\\n[ \\t]{0,20})?";
      String names =
          String.join(
              "|",
              offered.stream()
                  .map(tool -> escaped(MAPPER.writeValueAsString(tool.name())))
                  .toList());
      String call = "\\{" + space + escaped("\"" + keys.name() + "\":") + space + "(" + names + ")";
      Thinking thinking = format.thinking();
      boolean hasThoughts =
          thinking != null && start == Start.REPLY && !literals.beginsWithToken(thinking.open());
      String thought = hasThoughts && thinking != null ? "|" + escaped(thinking.open()) : "";
      return "\\s{0,4}(" + call + thought + ")";
    }

    private static String escaped(String text) {
      StringBuilder out = new StringBuilder();
      text.chars().forEach(c -> out.append(String.format(Locale.ROOT, "\\u%04x", c)));
      return out.toString();
    }

    // Text, and the tokens that frame it.
    private Expr free(Expr text) {
      List<Expr> frames =
          format.silent().stream()
              .filter(literals::beginsWithToken)
              .sorted()
              .map(literals::of)
              .toList();
      if (frames.isEmpty()) {
        return text;
      }
      Expr framed = Expr.sequence(new Expr.Choice(frames), Expr.anyText());
      return Expr.sequence(text, Expr.repeat(framed, 0, Expr.UNLIMITED));
    }

    // The first word of the first literal.
    private String trigger(CallSyntax syntax) {
      CallSyntax.Section section = syntax.section();
      String text =
          section != null
              ? section.open()
              : switch (syntax.call().getFirst()) {
                case CallPart.Literal(String literal) -> literal;
                case CallPart.Id(String open) -> open;
                default -> throw new AssertionError("calls begin with a marker: " + syntax);
              };
      return text.split("\\s", 2)[0];
    }
  }
}
