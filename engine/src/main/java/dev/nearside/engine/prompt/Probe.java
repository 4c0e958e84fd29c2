package dev.nearside.engine.prompt;

import dev.nearside.jinja.Template;
import dev.nearside.jinja.TemplateException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a chat template can do. It is found out by rendering small chats and looking for their words
 * in the result, each question once and only when it is asked: templates tell it in no other way.
 */
final class Probe {
  private static final String SYSTEM = "sYsTeM wOrDs";
  private static final String USER = "uSeR wOrDs";
  private static final String THOUGHT = "tHoUgHt wOrDs";
  private static final String TOOL = "tool_needle";
  private static final String OTHER_TOOL = "other_needle";
  private static final String KEY = "key_needle";
  private static final String VALUE = "value_needle";
  // Mistral's templates want nine letters and digits.
  private static final String SHORT_ID = "abcdef012";
  private static final String OTHER_SHORT_ID = "abcdef013";
  private static final String LONG_ID = "call_0123456789abcdefghijklmn";

  private final Template template;
  private final Renderer renderer;
  private final Map<String, Boolean> answers = new ConcurrentHashMap<>();

  Probe(Renderer renderer) {
    this.template = renderer.template();
    this.renderer = renderer;
  }

  /** Whether a message's content has to be a list of parts. */
  boolean wantsParts() {
    return answer(
        "parts",
        () ->
            template.mentions("text")
                && !renders(USER, List.of(turn("user", USER)))
                && renders(USER, List.of(turn("user", parts(USER)))));
  }

  /** Whether there may be a system message. */
  boolean takesSystem() {
    return answer(
        "system",
        () -> renders(SYSTEM, List.of(turn("system", text(SYSTEM)), turn("user", text(USER)))));
  }

  /** Whether tools are shown to the model. */
  boolean takesTools() {
    return answer(
        "tools",
        () -> {
          String with = render(List.of(turn("user", text(USER))), List.of(tool()));
          return with != null && with.contains(TOOL);
        });
  }

  /** Whether calls and their results can be shown. */
  boolean takesCalls() {
    return answer(
        "calls", () -> isGood(calls(true, "")) || isGood(calls(false, "")) || wantsNullContent());
  }

  /** Whether results of tools are shown after a text of the assistant. */
  boolean takesResults() {
    return answer(
        "results",
        () ->
            renders(
                VALUE,
                List.of(
                    turn("user", text(USER)),
                    turn("assistant", text(THOUGHT)),
                    turn("tool", text(VALUE)))));
  }

  /** Whether a call's arguments have to be JSON text instead of a mapping. */
  boolean wantsArgumentsAsText() {
    return answer(
        "arguments",
        () -> {
          @Nullable String content = wantsNullContent() ? null : "";
          return !isGood(calls(true, content)) && isGood(calls(false, content));
        });
  }

  /** Whether calls are only shown where the message has no content, not even an empty one. */
  boolean wantsNullContent() {
    return answer(
        "null",
        () ->
            !isGood(calls(true, ""))
                && !isGood(calls(false, ""))
                && (isGood(calls(true, null)) || isGood(calls(false, null))));
  }

  /** Whether ids of calls have to be nine letters and digits. */
  boolean wantsShortIds() {
    return answer(
        "ids",
        () -> {
          boolean isMapping = !wantsArgumentsAsText();
          return render(withCall(LONG_ID, isMapping, text(""))) == null
              && render(withCall(SHORT_ID, isMapping, text(""))) != null;
        });
  }

  /** Whether one message may hold several calls. */
  boolean takesParallelCalls() {
    return answer(
        "parallel",
        () -> {
          boolean isMapping = !wantsArgumentsAsText();
          List<Map<String, @Nullable Object>> turns = new ArrayList<>();
          turns.add(turn("user", text(USER)));
          Map<String, @Nullable Object> turn =
              turn("assistant", wantsNullContent() ? null : text(""));
          turn.put(
              "tool_calls",
              List.of(
                  call(SHORT_ID, TOOL, isMapping), call(OTHER_SHORT_ID, OTHER_TOOL, isMapping)));
          turns.add(turn);
          String out = render(turns);
          return out != null && out.contains(TOOL) && out.contains(OTHER_TOOL);
        });
  }

  /** Whether thoughts have to be a part of the content, of type {@code thinking}. */
  boolean wantsThoughtsAsPart() {
    return answer(
        "thoughts",
        () -> {
          List<Object> parts = new ArrayList<>();
          parts.add(Map.of("type", "thinking", "thinking", THOUGHT));
          parts.addAll(parts(VALUE));
          return template.mentions("thinking")
              && renders(THOUGHT, List.of(turn("user", text(USER)), turn("assistant", parts)));
        });
  }

  private boolean answer(String question, BooleanSupplier probe) {
    Boolean known = answers.get(question);
    if (known == null) {
      // Answers may ask for each other, which computeIfAbsent forbids.
      known = probe.getAsBoolean();
      answers.put(question, known);
    }
    return known;
  }

  private Object text(String text) {
    return wantsParts() ? parts(text) : text;
  }

  private static List<Object> parts(String text) {
    return List.of(Map.of("type", "text", "text", text));
  }

  private static Map<String, @Nullable Object> turn(String role, @Nullable Object content) {
    Map<String, @Nullable Object> turn = new LinkedHashMap<>();
    turn.put("role", role);
    turn.put("content", content);
    return turn;
  }

  private static Map<String, Object> tool() {
    Map<String, Object> parameters =
        Map.of(
            "type",
            "object",
            "properties",
            Map.of(KEY, Map.of("type", "string", "description", "none")),
            "required",
            List.of(KEY));
    return Map.of(
        "type",
        "function",
        "function",
        Map.of("name", TOOL, "description", "none", "parameters", parameters));
  }

  private static Map<String, Object> call(String id, String name, boolean isMapping) {
    Object arguments = isMapping ? Map.of(KEY, VALUE) : "{\"" + KEY + "\": \"" + VALUE + "\"}";
    return Map.of(
        "id", id, "type", "function", "function", Map.of("name", name, "arguments", arguments));
  }

  private @Nullable String calls(boolean isMapping, @Nullable String content) {
    return render(withCall(SHORT_ID, isMapping, content == null ? null : text(content)));
  }

  private List<Map<String, @Nullable Object>> withCall(
      String id, boolean isMapping, @Nullable Object content) {
    Map<String, @Nullable Object> asks = turn("assistant", content);
    asks.put("tool_calls", List.of(call(id, TOOL, isMapping)));
    Map<String, @Nullable Object> result = turn("tool", text(VALUE));
    result.put("tool_call_id", id);
    result.put("name", TOOL);
    return List.of(turn("user", text(USER)), asks, result);
  }

  // Arguments in Python's notation, or as a string within a string, are not what models write.
  private static boolean isGood(@Nullable String out) {
    return out != null
        && out.contains(TOOL)
        && out.contains(KEY)
        && !out.contains("'" + KEY + "'")
        && !out.contains("\\\"" + KEY + "\\\"");
  }

  private boolean renders(String words, List<Map<String, @Nullable Object>> turns) {
    String out = render(turns);
    return out != null && out.contains(words);
  }

  private @Nullable String render(List<Map<String, @Nullable Object>> turns) {
    return render(turns, null);
  }

  private @Nullable String render(
      List<Map<String, @Nullable Object>> turns, @Nullable List<Object> tools) {
    Map<String, @Nullable Object> vars = new LinkedHashMap<>();
    vars.put("messages", turns);
    vars.put("tools", tools);
    vars.put("add_generation_prompt", false);
    try {
      return renderer.render(vars);
    } catch (TemplateException e) {
      // A template says no by failing.
      return null;
    }
  }
}
