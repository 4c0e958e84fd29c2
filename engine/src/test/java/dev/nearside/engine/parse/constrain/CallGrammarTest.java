package dev.nearside.engine.parse.constrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.chat.ChatException;
import dev.nearside.chat.ToolChoice;
import dev.nearside.chat.ToolSpec;
import dev.nearside.chat.Tools;
import dev.nearside.engine.parse.ReplyContext.Start;
import dev.nearside.engine.parse.Samples;
import dev.nearside.engine.parse.Templates;
import dev.nearside.engine.parse.family.Families;
import dev.nearside.engine.parse.syntax.ReplyFormat;
import dev.nearside.grammar.Grammar;
import dev.nearside.grammar.SchemaException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CallGrammarTest {
  private static final ToolSpec ADD =
      new ToolSpec(
          "add",
          null,
          Map.of(
              "type",
              "object",
              "properties",
              Map.of("a", Map.of("type", "integer")),
              "required",
              List.of("a")),
          true);
  private static final Literals TEXTS = new Literals(List.of());
  private static final ToolSpec OTHER = new ToolSpec("other", null, Map.of(), false);
  private static final String CALL =
      "<tool_call>\n{\"name\": \"add\", \"arguments\": {\"a\": 1}}\n</tool_call>";

  private static Grammar grammar(String template, ToolChoice choice, boolean isParallel) {
    return grammar(template, choice, isParallel, Start.REPLY);
  }

  private static Grammar grammar(
      String template, ToolChoice choice, boolean isParallel, Start start) {
    Tools tools = new Tools(List.of(ADD, OTHER), choice, isParallel);
    return built(CallGrammar.of(Families.of(template), tools, start, false, TEXTS).orElseThrow());
  }

  private static Grammar built(CallGrammar calls) {
    Grammar.Builder builder = Grammar.builder();
    calls.define(builder);
    return builder.build(CallGrammar.ROOT);
  }

  @Test
  void of_requiredCall_takesWhatEachFamilyWrites() {
    for (String template : Templates.ALL) {
      ReplyFormat format = Families.of(template);
      Grammar grammar = grammar(template, new ToolChoice.Required(), true);
      String sample = Samples.of(format.calls().getFirst());
      String reply = format.isHarmony() ? sample.substring("<|start|>assistant".length()) : sample;
      assertTrue(grammar.matches(reply), () -> format.name() + " of '" + reply + "'");
      assertFalse(grammar.isPrefix("Hello"), format.name());
      assertFalse(grammar.matches(""), format.name());
    }
  }

  @Test
  void of_schemaThatCantBeHonoured_isAdvice_unlessItIsStrictOrNoSchema() {
    Map<String, Object> hard = Map.of("type", "string", "pattern", "(a)\\1");
    Map<String, Object> wrong = Map.of("type", "objekt");
    assertTrue(withArgument(hard, false).isPrefix("<tool_call>\n{\"name\": \"f\""));
    assertThrows(SchemaException.class, () -> withArgument(hard, true));
    SchemaException e = assertThrows(SchemaException.class, () -> withArgument(wrong, false));
    assertTrue(e.isMalformed());
    assertTrue(e.pointer().endsWith("/type"), e.pointer());
  }

  private static Grammar withArgument(Map<String, Object> schema, boolean isStrict) {
    Map<String, Object> parameters = Map.of("type", "object", "properties", Map.of("x", schema));
    Tools tools =
        new Tools(
            List.of(new ToolSpec("f", null, parameters, isStrict)),
            new ToolChoice.Required(),
            false);
    return built(
        CallGrammar.of(Families.of("<tool_call>"), tools, Start.REPLY, false, TEXTS).orElseThrow());
  }

  @Test
  void of_requiredCall_refusesArgumentsOfAnotherType() {
    for (String template : Templates.ALL) {
      ReplyFormat format = Families.of(template);
      // These families write nested values as text.
      boolean isText = format.name().equals("minimax-m3");
      Grammar grammar = grammar(template, new ToolChoice.Required(), true);
      String wrong = Samples.of(format.calls().getFirst()).replace("1", "x");
      assertFalse(!isText && grammar.matches(wrong), () -> format.name() + " of '" + wrong + "'");
    }
  }

  @Test
  void of_auto_textIsFreeUpToTheMarker() {
    Grammar grammar = grammar("<tool_call>", new ToolChoice.Auto(), true);
    assertTrue(grammar.matches(""));
    assertTrue(grammar.matches("Any text < and {\"name\": 1}."));
    assertTrue(grammar.matches("Wait.\n" + CALL));
    assertTrue(grammar.matches("<think>so</think>\n\n" + CALL));
    assertTrue(grammar.matches(CALL + "\n" + CALL));
    assertFalse(grammar.isPrefix("<tool_call>\n{\"name\": \"sub"));
    assertFalse(grammar.isPrefix("<tool_call>\n{\"name\": \"add\", \"arguments\": {\"b"));
  }

  @Test
  void of_notParallel_oneCall() {
    Grammar auto = grammar("<tool_call>", new ToolChoice.Auto(), false);
    assertTrue(auto.matches(CALL));
    assertFalse(auto.isPrefix(CALL + "\n<"));
    Grammar list = grammar("[TOOL_CALLS]", new ToolChoice.Required(), false);
    String one =
        "[TOOL_CALLS][{\"name\": \"add\", \"arguments\": {\"a\": 1}, \"id\": \"abcdef012\"}";
    assertTrue(list.matches(one + "]"));
    assertFalse(list.isPrefix(one + ","));
  }

  @Test
  void of_named_onlyThatTool() {
    Grammar grammar = grammar("<tool_call>", new ToolChoice.Named("other"), true);
    assertFalse(grammar.isPrefix("<tool_call>\n{\"name\": \"add"));
    assertTrue(
        grammar.matches(
            "<tool_call>\n{\"name\": \"other\", \"arguments\": {\"x\": [1]}}\n</tool_call>"));
  }

  @Test
  void of_unknownToolDemanded_isRefused() {
    assertThrows(
        ChatException.class, () -> grammar("<tool_call>", new ToolChoice.Named("missing"), true));
  }

  @Test
  void of_promptOpenedTheThoughts_callComesAfterThem() {
    Grammar grammar = grammar("<tool_call>", new ToolChoice.Required(), true, Start.THOUGHTS);
    assertTrue(grammar.matches("let me see</think>\n\n" + CALL));
    assertFalse(grammar.matches(CALL));
  }

  @Test
  void of_forbiddenOrNoTools_nothingIsBound() {
    ReplyFormat format = Families.of("<tool_call>");
    Tools forbidden = new Tools(List.of(ADD), new ToolChoice.None(), true);
    assertEquals(Optional.empty(), CallGrammar.of(format, forbidden, Start.REPLY, false, TEXTS));
    assertEquals(Optional.empty(), CallGrammar.of(format, Tools.NONE, Start.REPLY, false, TEXTS));
  }

  private static final String LLAMA = "<|start_header_id|><|python_tag|>";

  @Test
  void of_bareCallInAuto_isOneOnceItNamesATool() {
    Grammar grammar = grammar(LLAMA, new ToolChoice.Auto(), true);
    assertTrue(grammar.matches("{\"name\": \"add\", \"parameters\": {\"a\": 1}}"));
    assertTrue(grammar.matches("\n{\"name\":\"add\",\"parameters\":{\"a\":1}}"));
    assertFalse(grammar.isPrefix("{\"name\": \"add\", \"parameters\": {\"b"));
    assertFalse(grammar.isPrefix("{\"name\": \"add\"}"));
    assertFalse(grammar.matches("{\"name\": \"add\", \"parameters\": {\"a\": 1}} and so on"));
  }

  @Test
  void of_otherJsonAndTextInAuto_staysFree() {
    Grammar grammar = grammar(LLAMA, new ToolChoice.Auto(), true);
    for (String reply :
        List.of(
            "",
            "Hello.",
            "{",
            "{\"name\": \"Ada\", \"age\": 36}",
            "{\"name\": \"adder\"}",
            "{\"name\": [\"add\"]}",
            "{\"title\": \"add\"",
            "[1, 2] and {\"name\": \"add\"}",
            "Say {\"name\": \"add\", \"x\": 1}",
            "```json\n{\"name\": \"add\"}\n```")) {
      assertTrue(grammar.matches(reply), reply);
    }
  }

  @Test
  void of_bareCallAfterThoughtsInAuto_isBound() {
    Grammar grammar = grammar(LLAMA, new ToolChoice.Auto(), true);
    String thought = "<think>{\"name\": \"add\"}?</think>\n\n";
    assertTrue(grammar.matches(thought + "No."));
    assertTrue(grammar.matches(thought + "{\"name\": \"add\", \"parameters\": {\"a\": 1}}"));
    assertFalse(grammar.isPrefix(thought + "{\"name\": \"add\"}"));
  }

  @Test
  void of_bareCallWithinText_nothingIsBound() {
    Tools auto = new Tools(List.of(ADD), new ToolChoice.Auto(), true);
    assertEquals(
        Optional.empty(),
        CallGrammar.of(Families.of(LLAMA), auto, Start.WITHIN_TEXT, false, TEXTS));
  }
}
