package dev.nearside.engine.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.chat.ChatEvent;
import dev.nearside.chat.ToolCall;
import dev.nearside.chat.ToolSpec;
import dev.nearside.engine.parse.family.Families;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MarkedParserTest {
  private static final List<ToolSpec> TOOLS =
      List.of(
          new ToolSpec("get_time", null, schema("city", "string"), false),
          new ToolSpec("add", null, schema("a", "integer"), false));

  private static Map<String, Object> schema(String key, String type) {
    return Map.of("type", "object", "properties", Map.of(key, Map.of("type", type)));
  }

  private static ReplyParser parser(String template, ReplyContext.Start start, boolean isParallel) {
    return Parsers.of(
        Families.of(template), new ReplyContext(TOOLS, isParallel, start, new Random(5)), "");
  }

  private static Parsed parse(String template, String... pieces) {
    return Parsed.of(parser(template, ReplyContext.Start.REPLY, true), List.of(pieces));
  }

  private static List<String> calls(Parsed parsed) {
    return parsed.calls().stream().map(call -> call.name() + call.arguments()).toList();
  }

  @Test
  void accept_thoughtsAndAnswer_areSplitAndTrimmed() {
    Parsed parsed = parse("", "<think>\nlet me see\n</think>\n\nIt is 4.\n");
    assertEquals("let me see", parsed.reasoning());
    assertEquals("It is 4.\n", parsed.text());
  }

  @Test
  void accept_promptOpenedTheThoughts_beginsThinking() {
    ReplyParser parser = parser("", ReplyContext.Start.THOUGHTS, true);
    Parsed parsed = Parsed.of(parser, List.of("\nhm\n</think>\n", "yes"));
    assertEquals("hm", parsed.reasoning());
    assertEquals("yes", parsed.text());
  }

  @Test
  void accept_promptEndsWithinThoughts_keepsTheSpaceBetween() {
    ReplyParser parser = parser("", ReplyContext.Start.WITHIN_THOUGHTS, true);
    assertEquals(" more", Parsed.of(parser, List.of(" more</think>x")).reasoning());
  }

  @Test
  void accept_noThoughts_everythingIsAnswer() {
    assertEquals(" a <think> b", parse("", " a <th", "ink> b").text());
  }

  @Test
  void accept_emptyThoughts_giveNoEvent() {
    ReplyParser parser = parser("", ReplyContext.Start.REPLY, true);
    List<ChatEvent> events = new ArrayList<>(parser.accept("<think>\n\n</think>\n\nHi"));
    events.addAll(parser.finish());
    assertEquals(List.of(new ChatEvent.Text("Hi")), events);
  }

  @Test
  void finish_unfinishedThoughts_areThoughts() {
    assertEquals("never </thin", parse("", "<think>never ", "</thin").reasoning());
  }

  @Test
  void finish_halfAnOpeningTag_isAnswer() {
    assertEquals("<thi", parse("", "<th", "i").text());
  }

  @Test
  void accept_callInPieces_nameComesBeforeTheArguments() {
    ReplyParser parser = parser("<tool_call>", ReplyContext.Start.REPLY, true);
    List<ChatEvent> events = new ArrayList<>();
    events.addAll(parser.accept("<tool_call>\n{\"name\": \"get_time\""));
    assertEquals(1, events.size(), "the call begins as soon as its name is known");
    assertEquals("get_time", ((ChatEvent.ToolCallStart) events.getFirst()).name());
    assertEquals(
        List.of(new ChatEvent.ToolCallArguments(0, "{\"ci")),
        parser.accept(", \"arguments\": {\"ci"),
        "arguments are not held back");
  }

  @Test
  void accept_severalCalls_haveDifferentIds() {
    String call = "<tool_call>\n{\"name\": \"add\", \"arguments\": {\"a\": 1}}\n</tool_call>\n";
    Parsed parsed = parse("<tool_call>", call.repeat(40));
    Set<String> ids = parsed.calls().stream().map(ToolCall::id).collect(Collectors.toSet());
    assertEquals(40, ids.size());
    assertTrue(ids.stream().allMatch(id -> id.matches("call_[0-9A-Za-z]{24}")), ids::toString);
  }

  @Test
  void accept_sameIdTwice_secondGetsAnother() {
    Parsed parsed =
        parse(
            "[TOOL_CALLS][ARGS]",
            "[TOOL_CALLS]add[CALL_ID]aaaaaaaaa[ARGS]{}[TOOL_CALLS]add[CALL_ID]aaaaaaaaa[ARGS]{}");
    assertEquals(2, parsed.calls().stream().map(ToolCall::id).distinct().count());
  }

  @Test
  void isComplete_noParallelCalls_afterTheFirst() {
    ReplyParser parser = parser("<tool_call>", ReplyContext.Start.REPLY, false);
    String call = "<tool_call>\n{\"name\": \"add\", \"arguments\": {\"a\": 1}}\n</tool_call>\n";
    List<ChatEvent> events = new ArrayList<>(parser.accept(call.substring(0, 30)));
    assertFalse(parser.isComplete());
    events.addAll(parser.accept(call.substring(30) + call));
    events.addAll(parser.finish());
    assertTrue(parser.isComplete());
    assertEquals(1, events.stream().filter(e -> e instanceof ChatEvent.ToolCallStart).count());
  }

  @Test
  void accept_noCallAfterAll_comesOutAsText() {
    for (String text :
        List.of(
            "<tool_call> is a tag",
            "<tool_call>\n{\"nome\": 1}",
            "see <tool_call>\n{\"name\": 3}\n</tool_call>",
            "<tool_call>",
            "a\n<tool_call")) {
      for (int cut = 0; cut <= text.length(); cut++) {
        Parsed parsed = parse("<tool_call>", text.substring(0, cut), text.substring(cut));
        assertEquals(text, parsed.text());
        assertEquals(List.of(), parsed.calls());
      }
    }
  }

  @Test
  void accept_argumentsInAString_areTakenOutOfIt() {
    Parsed parsed =
        parse(
            "<tool_call>",
            "<tool_call>{\"name\": \"add\", \"arguments\": \"{\\\"a\\\": 1}\"}</tool_call>");
    assertEquals(List.of("add{\"a\": 1}"), calls(parsed));
  }

  @Test
  void accept_argumentsBeforeTheName_areKept() {
    Parsed parsed =
        parse(
            "<tool_call>", "<tool_call>{\"arguments\": {\"a\": 1}, \"name\": \"add\"}</tool_call>");
    assertEquals(List.of("add{\"a\": 1}"), calls(parsed));
  }

  @Test
  void accept_noArguments_areAnEmptyObject() {
    assertEquals(
        List.of("add{}"),
        calls(parse("<tool_call>", "<tool_call>{\"name\": \"add\"}</tool_call>")));
  }

  @Test
  void accept_openAisShape_isUnderstood() {
    Parsed parsed =
        parse(
            "<tool_call>",
            "<tool_call>{\"type\": \"function\", \"function\": {\"name\": \"add\","
                + " \"arguments\": {\"a\": 1}}}</tool_call>");
    assertEquals(List.of("add{\"a\": 1}"), calls(parsed));
  }

  @Test
  void accept_bareObject_isACallOnlyOfAToolThatIsOffered() {
    String known = "{\"name\": \"add\", \"parameters\": {\"a\": 1}}";
    String unknown = "{\"name\": \"Ann\", \"parameters\": {\"a\": 1}}";
    String llama = "<|start_header_id|><|python_tag|>";
    assertEquals(List.of("add{\"a\": 1}"), calls(parse(llama, known)));
    assertEquals(unknown, parse(llama, unknown).text());
    assertEquals("So: " + known, parse(llama, "So: " + known).text());
    assertEquals(
        List.of("add{\"a\": 1}", "add{\"a\": 1}"), calls(parse(llama, known + "; " + known)));
  }

  @Test
  void accept_llamaBuiltInTools_areCalls() {
    String llama = "<|start_header_id|><|python_tag|>";
    assertEquals(
        List.of("get_time{\"city\": \"Ulm\"}"),
        calls(parse(llama, "<|python_tag|>get_time.call(city=\"Ulm\")")));
    assertEquals(
        List.of("get_time{\"city\": \"Ulm\"}", "add{\"a\": 1}"),
        calls(parse(llama, "[get_time(city='Ulm'), add(a=1)]")));
  }

  @Test
  void accept_genericJson_isUnderstoodInItsUsualShapes() {
    String object = "{\"name\": \"add\", \"arguments\": {\"a\": 1}}";
    List<String> one = List.of("add{\"a\": 1}");
    assertEquals(one, calls(parse("", object)));
    assertEquals(one, calls(parse("", "```json\n" + object + "\n```")));
    assertEquals(one, calls(parse("", "Sure.\n```json\n" + object + "\n```")));
    assertEquals(one, calls(parse("", "<tool_call>" + object + "</tool_call>")));
    assertEquals(one, calls(parse("", "{\"tool_calls\": [" + object + "]}")));
    assertEquals(
        List.of(one.getFirst(), one.getFirst()),
        calls(parse("", "[" + object + "," + object + "]")));
  }

  @Test
  void accept_gemmaToolCode_isACall() {
    Parsed parsed = parse("<start_of_turn>", "```tool_code\nprint(get_time(city=\"Ulm\"))\n```");
    assertEquals(List.of("get_time{\"city\": \"Ulm\"}"), calls(parsed));
  }

  @Test
  void accept_phiFunctools_isACall() {
    String phi = "<|tool|><|end|><|assistant|>";
    String list = "[{\"name\": \"add\", \"arguments\": {\"a\": 1}}]";
    assertEquals(List.of("add{\"a\": 1}"), calls(parse(phi, "functools" + list)));
    assertEquals(
        List.of("add{\"a\": 1}"), calls(parse(phi, "<|tool_call|>" + list + "<|/tool_call|>")));
  }

  @Test
  void accept_graniteList_isACall() {
    Parsed parsed =
        parse(
            "<|start_of_role|><|tool_call|>",
            "<|tool_call|>[{\"name\": \"add\", \"arguments\": {\"a\": 1}}]");
    assertEquals(List.of("add{\"a\": 1}"), calls(parsed));
  }

  @Test
  void accept_callWithinThoughts_endsThemWhereItBeginsALine() {
    String call = "<tool_call>\n{\"name\": \"add\", \"arguments\": {}}\n</tool_call>";
    Parsed parsed = parse("<tool_call>", "<think>\nI add.\n" + call);
    assertEquals("I add.", parsed.reasoning());
    assertEquals(List.of("add{}"), calls(parsed));
    Parsed quoted = parse("<tool_call>", "<think>I write " + call + " then.</think>No.");
    assertEquals("I write " + call + " then.", quoted.reasoning());
    assertEquals("No.", quoted.text());
  }

  @Test
  void accept_noTools_nothingIsACall() {
    String text = "<tool_call>\n{\"name\": \"add\", \"arguments\": {}}\n</tool_call>";
    ReplyContext context =
        new ReplyContext(List.of(), true, ReplyContext.Start.REPLY, new Random(1));
    Parsed parsed = Parsed.of(Parsers.of(Families.of("<tool_call>"), context, ""), List.of(text));
    assertEquals(text, parsed.text());
  }

  @Test
  void finish_cutOffInAnArgument_callIsLeftOpen() {
    Parsed parsed =
        parse("<tool_call>", "<tool_call>\n{\"name\": \"get_time\", \"arguments\": {\"city\": \"U");
    assertEquals(List.of("get_time{\"city\": \"U"), calls(parsed));
    assertEquals("", parsed.text());
  }
}
