package dev.nearside.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.chat.ChatEvent;
import dev.nearside.chat.ChatException;
import dev.nearside.chat.ChatRequest;
import dev.nearside.chat.CompletionRequest;
import dev.nearside.chat.FinishReason;
import dev.nearside.chat.Finished;
import dev.nearside.chat.Generation;
import dev.nearside.chat.Limits;
import dev.nearside.chat.Message;
import dev.nearside.chat.Sampling;
import dev.nearside.chat.SinkClosedException;
import dev.nearside.chat.ToolChoice;
import dev.nearside.chat.ToolSpec;
import dev.nearside.chat.Tools;
import dev.nearside.engine.prompt.ChatTemplate;
import dev.nearside.engine.schedule.EngineLoop;
import dev.nearside.format.Metadata;
import dev.nearside.format.TensorFile;
import dev.nearside.format.TensorInfo;
import dev.nearside.tokenizer.EncodeOptions;
import java.lang.foreign.MemorySegment;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LocalEngineTest {
  private static final String CHATML =
      "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
          + "{{ '<|im_start|>assistant\\n' }}";

  private final StringBuilder answer = new StringBuilder();
  private final StringBuilder thoughts = new StringBuilder();

  @Test
  void chat_scriptedReply_arrivesSplitAndCounted() throws Exception {
    try (LocalEngine engine = engine(says("<think>hm</think>\n\nIt is é."), 1)) {
      Finished end = engine.chat(ChatRequest.ofUser("Hi"), this::collect);
      assertEquals("hm", thoughts.toString());
      assertEquals("It is é.", answer.toString());
      assertSame(FinishReason.STOP, end.reason());
      assertEquals(0, end.usage().cachedTokens());
      int prompt = "user\nHi\nassistant\n".length() + 3;
      assertEquals(prompt, end.usage().promptTokens());
    }
  }

  @Test
  void chat_toolCall_isTakenOutOfTheReply() throws Exception {
    String call = "{\"name\": \"add\", \"arguments\": {\"a\": 1}}";
    List<ChatEvent> events = new ArrayList<>();
    try (LocalEngine engine = engine(says("<think>hm</think>" + call), 1)) {
      Finished end = engine.chat(withTool(new ToolChoice.Auto()), events::add);
      assertSame(FinishReason.TOOL_CALLS, end.reason());
    }
    assertEquals(new ChatEvent.Reasoning("h"), events.getFirst());
    ChatEvent.ToolCallStart start =
        assertInstanceOf(ChatEvent.ToolCallStart.class, events.get(2), events::toString);
    assertEquals("add", start.name());
    StringBuilder arguments = new StringBuilder();
    for (ChatEvent event : events.subList(3, events.size())) {
      arguments.append(assertInstanceOf(ChatEvent.ToolCallArguments.class, event).piece());
    }
    assertEquals("{\"a\": 1}", arguments.toString());
  }

  @Test
  void chat_toolsForbidden_aCallIsText() throws Exception {
    String call = "{\"name\": \"add\", \"arguments\": {\"a\": 1}}";
    try (LocalEngine engine = engine(says(call), 1)) {
      Finished end = engine.chat(withTool(new ToolChoice.None()), this::collect);
      assertSame(FinishReason.STOP, end.reason());
      assertEquals(call, answer.toString());
    }
  }

  @Test
  void chat_toolDemanded_anyModelCallsIt() throws Exception {
    List<ChatEvent> events = new ArrayList<>();
    try (LocalEngine engine = engine(FakeModel.letters(16), 1)) {
      Generation generation = Generation.of(Sampling.DEFAULTS, new Limits(120, List.of()));
      ChatRequest request = withTool(new ToolChoice.Required()).withGeneration(generation);
      // The call is whole, but it was the limit that made this model end.
      assertSame(FinishReason.LENGTH, engine.chat(request, events::add).reason());
    }
    StringBuilder arguments = new StringBuilder();
    for (ChatEvent event : events) {
      switch (event) {
        case ChatEvent.ToolCallStart start -> assertEquals("add", start.name());
        case ChatEvent.ToolCallArguments(int index, String piece) -> arguments.append(piece);
        default -> throw new AssertionError("not expected: " + event);
      }
    }
    assertTrue(
        arguments.toString().matches("\\{\\s*\"a\"\\s*:\\s*-?\\d+\\s*}"), arguments::toString);
  }

  private static ChatRequest withTool(ToolChoice choice) {
    Map<String, Object> parameters =
        Map.of(
            "type",
            "object",
            "properties",
            Map.of("a", Map.of("type", "integer")),
            "required",
            List.of("a"));
    ToolSpec add = new ToolSpec("add", "Adds.", parameters, true);
    return ChatRequest.ofUser("Hi").withTools(new Tools(List.of(add), choice, false));
  }

  @Test
  void chat_nextTurn_isCachedAndSaysTheSameAsWithout() throws Exception {
    List<Message> turns =
        List.of(Message.user("one"), Message.assistant("abc"), Message.user("two"));
    ChatRequest first = request(List.of(Message.user("one")), 20, List.of());
    ChatRequest second = request(turns, 20, List.of());
    String alone;
    try (LocalEngine engine = engine(FakeModel.letters(16), 1)) {
      engine.chat(second, this::collect);
      alone = answer.toString();
    }
    answer.setLength(0);
    try (LocalEngine engine = engine(FakeModel.letters(16), 1)) {
      engine.chat(first, event -> {});
      Finished end = engine.chat(second, this::collect);
      assertEquals(alone, answer.toString());
      assertTrue(end.usage().cachedTokens() >= 10, () -> "cached " + end.usage());
    }
  }

  @Test
  void chat_samePromptOfAnotherOwner_isComputedAnew() throws Exception {
    ChatRequest request = request(List.of(Message.user("one")), 20, List.of());
    try (LocalEngine engine = engine(FakeModel.letters(16), 1)) {
      engine.chat(of("anna", request), this::collect);
      String said = answer.toString();
      answer.setLength(0);
      assertEquals(0, engine.chat(of("bob", request), this::collect).usage().cachedTokens());
      assertEquals(said, answer.toString());
      assertEquals(0, engine.chat(request, event -> {}).usage().cachedTokens());
      Finished again = engine.chat(of("anna", request), event -> {});
      assertTrue(again.usage().cachedTokens() >= 10, () -> "cached " + again.usage());
    }
  }

  private static ChatRequest of(String owner, ChatRequest request) {
    return request.withGeneration(request.generation().withOwner(owner));
  }

  @Test
  void chat_templateThatRefuses_isTheCallersFault() {
    ModelBundle bundle = new ModelBundle(new NoTensors(), TinyTokenizer.create(), CHATML, false);
    ChatTemplate strict =
        ChatTemplate.parse(
            "{% if messages[0].role != 'user' %}{{ raise_exception('users begin') }}{% endif %}"
                + "{{ messages[0].content }}",
            bundle.tokenizer(), Clock.systemUTC());
    FakeModel model = says("x");
    EngineLoop loop = new EngineLoop(model, new EngineLoop.Settings(1024, 1));
    try (LocalEngine engine = new LocalEngine(loop, model, bundle, strict, Sampling.GREEDY)) {
      List<Message> turns = List.of(Message.assistant("I begin"), Message.user("no"));
      ChatRequest request = request(turns, 5, List.of());
      ChatException e = assertThrows(ChatException.class, () -> engine.chat(request, event -> {}));
      assertTrue(String.valueOf(e.getMessage()).contains("users begin"), e.getMessage());
    }
  }

  @Test
  void chat_stopString_endsTheReplyBeforeIt() throws Exception {
    try (LocalEngine engine = engine(says("first\nsecond"), 1)) {
      ChatRequest request = request(List.of(Message.user("Hi")), 0, List.of("\nsec"));
      assertSame(FinishReason.STOP, engine.chat(request, this::collect).reason());
      assertEquals("first", answer.toString());
    }
  }

  @Test
  void chat_stopStringWhileTheEngineIsAhead_countsUpToTheStopString() throws Exception {
    FakeModel model = says("first\nsecond, and a good deal more than that");
    try (LocalEngine engine = engine(model, 1)) {
      ChatRequest request = request(List.of(Message.user("Hi")), 0, List.of("\nsec"));
      Finished end = engine.chat(request, event -> waitForSteps(model, 30));
      assertSame(FinishReason.STOP, end.reason());
      assertEquals("first\nsec".length(), end.usage().completionTokens());
    }
  }

  @Test
  void chat_sinkGoneWhileTheEngineIsAhead_countsWhatWasTaken() throws Exception {
    FakeModel model = says("abcdefghijklmnopqrstuvwxyz0123456789");
    try (LocalEngine engine = engine(model, 1)) {
      Finished end =
          engine.chat(
              ChatRequest.ofUser("Hi"),
              event -> {
                waitForSteps(model, 30);
                throw new SinkClosedException("gone");
              });
      assertEquals(1, end.usage().completionTokens());
      assertEquals(0, end.timings().decodeNanos(), "one token takes no time to go on from");
    }
  }

  @Test
  void chat_stopStringAfterHeldBackText_passesItOn() throws Exception {
    try (LocalEngine engine = engine(says("<th#more"), 1)) {
      engine.chat(request(List.of(Message.user("Hi")), 0, List.of("#")), this::collect);
      assertEquals("<th", answer.toString());
    }
  }

  @Test
  void chat_maxTokens_endsWithLength() throws Exception {
    try (LocalEngine engine = engine(FakeModel.letters(16), 1)) {
      Finished end = engine.chat(request(List.of(Message.user("Hi")), 5, List.of()), this::collect);
      assertSame(FinishReason.LENGTH, end.reason());
      assertEquals(5, end.usage().completionTokens());
      assertEquals(5, answer.length());
    }
  }

  @Test
  void chat_tooLongPrompt_saysBothCounts() {
    try (LocalEngine engine = engine(FakeModel.letters(16), 1)) {
      ChatException e =
          assertThrows(
              ChatException.class,
              () -> engine.chat(ChatRequest.ofUser("x".repeat(3000)), this::collect));
      assertTrue(
          e.fault().message().contains("1024") && e.fault().message().contains("30"),
          e::getMessage);
    }
  }

  @Test
  void chat_sinkHasGone_isCancelled() throws Exception {
    FakeModel model = FakeModel.letters(16);
    try (LocalEngine engine = engine(model, 1)) {
      Finished end =
          engine.chat(
              ChatRequest.ofUser("Hi"),
              event -> {
                throw new SinkClosedException("gone");
              });
      assertSame(FinishReason.CANCELLED, end.reason());
      assertStops(model);
    }
  }

  @Test
  void chat_callerIsInterrupted_cancels() throws Exception {
    FakeModel model = FakeModel.letters(16);
    CountDownLatch begun = new CountDownLatch(1);
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    try (LocalEngine engine = engine(model, 1)) {
      Thread caller =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  engine.chat(
                      ChatRequest.ofUser("Hi"),
                      event -> {
                        begun.countDown();
                        waitForInterrupt();
                      });
                  thrown.complete(new AssertionError("not interrupted"));
                } catch (Throwable e) {
                  thrown.complete(e);
                }
              });
      assertTrue(begun.await(20, TimeUnit.SECONDS));
      caller.interrupt();
      assertTrue(thrown.get(20, TimeUnit.SECONDS) instanceof InterruptedException);
      assertStops(model);
    }
  }

  @Test
  void chat_manyCallers_eachGetsTheReplyItGetsAlone() throws Exception {
    String[] alone = new String[6];
    try (LocalEngine engine = engine(FakeModel.letters(16), 1)) {
      for (int i = 0; i < alone.length; i++) {
        alone[i] = ask(engine, i);
      }
    }
    try (LocalEngine engine = engine(FakeModel.letters(16), 3)) {
      List<CompletableFuture<String>> replies = new ArrayList<>();
      for (int i = 0; i < alone.length; i++) {
        int number = i;
        replies.add(CompletableFuture.supplyAsync(() -> ask(engine, number)));
      }
      for (int i = 0; i < alone.length; i++) {
        assertEquals(alone[i], replies.get(i).get(20, TimeUnit.SECONDS));
      }
    }
  }

  @Test
  void complete_controlTokenInAPrompt_isTextUnlessAskedFor() throws Exception {
    try (LocalEngine engine = engine(FakeModel.letters(16), 1)) {
      String prompt = "<|im_end|>a";
      Limits one = new Limits(1, List.of());
      Finished text =
          engine.complete(
              new CompletionRequest(prompt, false, Sampling.GREEDY, one), this::collect);
      Finished special =
          engine.complete(new CompletionRequest(prompt, true, Sampling.GREEDY, one), this::collect);
      assertEquals(9, text.usage().promptTokens() - special.usage().promptTokens());
    }
  }

  private static void assertStops(FakeModel model) throws InterruptedException {
    Thread.sleep(100);
    int steps = model.batchSizes().size();
    Thread.sleep(200);
    assertEquals(steps, model.batchSizes().size(), "no step after the cancellation");
    assertFalse(model.isClosed());
  }

  private static void waitForSteps(FakeModel model, int count) {
    try {
      while (model.batchSizes().size() < count) {
        Thread.sleep(1);
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void waitForInterrupt() {
    try {
      Thread.sleep(20_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String ask(LocalEngine engine, int number) {
    StringBuilder out = new StringBuilder();
    try {
      ChatRequest request = request(List.of(Message.user("question " + number)), 60, List.of());
      engine.chat(
          request,
          event -> {
            if (event instanceof ChatEvent.Text(String text)) {
              out.append(text);
            }
          });
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return out.toString();
  }

  private void collect(ChatEvent event) {
    switch (event) {
      case ChatEvent.Text(String text) -> answer.append(text);
      case ChatEvent.Reasoning(String text) -> thoughts.append(text);
      default -> throw new AssertionError("not expected: " + event);
    }
  }

  private static ChatRequest request(List<Message> turns, int maxTokens, List<String> stop) {
    return new ChatRequest(turns, Sampling.DEFAULTS, new Limits(maxTokens, stop), Map.of());
  }

  // Says a text after the prompt, and ends its turn.
  private static FakeModel says(String text) {
    int[] ids = TinyTokenizer.create().encode(text, EncodeOptions.TEXT);
    int[] promptLength = new int[1];
    return new FakeModel(
        64,
        history -> {
          promptLength[0] = promptLength[0] == 0 ? history.length : promptLength[0];
          int at = history.length - promptLength[0];
          return at < ids.length ? ids[at] : TinyTokenizer.IM_END;
        });
  }

  private static LocalEngine engine(FakeModel model, int slots) {
    ModelBundle bundle = new ModelBundle(new NoTensors(), TinyTokenizer.create(), CHATML, false);
    ChatTemplate template = ChatTemplate.parse(CHATML, bundle.tokenizer(), Clock.systemUTC());
    EngineLoop loop = new EngineLoop(model, new EngineLoop.Settings(1024, slots));
    return new LocalEngine(loop, model, bundle, template, Sampling.GREEDY);
  }

  /** A file without anything. */
  private record NoTensors() implements TensorFile {
    @Override
    public Metadata metadata() {
      return Metadata.empty();
    }

    @Override
    public List<TensorInfo> tensors() {
      return List.of();
    }

    @Override
    public Optional<TensorInfo> find(String name) {
      return Optional.empty();
    }

    @Override
    public MemorySegment data(TensorInfo tensor) {
      throw new IllegalArgumentException(tensor.name());
    }

    @Override
    public void close() {}
  }
}
