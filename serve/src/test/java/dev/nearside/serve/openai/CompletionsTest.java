package dev.nearside.serve.openai;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.chat.ChatEvent;
import dev.nearside.chat.FinishReason;
import dev.nearside.chat.Prompt;
import dev.nearside.serve.fake.FakeBackend;
import dev.nearside.serve.fake.FakeServer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The legacy completions. */
class CompletionsTest {
  private final FakeServer server = new FakeServer();

  @AfterEach
  void close() {
    server.close();
  }

  private FakeServer.Answer ask(String fields) throws Exception {
    return server.post("/v1/completions", "{\"model\":\"fake:1b\"," + fields + "}");
  }

  @Test
  void text_isContinued() throws Exception {
    JsonNode body = ask("\"prompt\":\"Once\"").json();
    assertEquals("text_completion", body.get("object").stringValue());
    assertEquals("Hello there", body.at("/choices/0/text").stringValue());
    assertEquals("stop", body.at("/choices/0/finish_reason").stringValue());
    assertEquals(12, body.at("/usage/prompt_tokens").intValue());
    assertEquals(5, body.at("/usage/prompt_tokens_details/cached_tokens").intValue());
    assertEquals(new Prompt.Text("Once", true), server.backend.completions.getFirst().prompt());
    assertEquals(16, server.backend.completions.getFirst().generation().limits().maxTokens());
    assertTrue(FakeServer.eventually(() -> server.models.leases.get() == 0));
  }

  @Test
  void severalPrompts_severalTimes_areInOrderAndCountedOnce() throws Exception {
    JsonNode body = ask("\"prompt\":[\"a\",\"b\"],\"n\":2,\"seed\":7").json();
    assertEquals(4, body.get("choices").size());
    assertEquals(3, body.at("/choices/3/index").intValue());
    assertEquals(24, body.at("/usage/prompt_tokens").intValue());
    assertEquals(12, body.at("/usage/completion_tokens").intValue());
    List<Long> seeds =
        server.backend.completions.stream()
            .map(c -> c.generation().sampling().seed())
            .sorted()
            .toList();
    assertEquals(List.of(7L, 7L, 8L, 8L), seeds);
  }

  @Test
  void tokenIds_oneOrSeveral_areTakenAsTheyAre() throws Exception {
    ask("\"prompt\":[72,105],\"echo\":true,\"max_tokens\":4");
    Prompt prompt = server.backend.completions.getFirst().prompt();
    assertArrayEquals(new int[] {72, 105}, ((Prompt.Ids) prompt).ids());
    JsonNode body = ask("\"prompt\":[[72,105],[89]],\"echo\":true").json();
    assertEquals("HiHello there", body.at("/choices/0/text").stringValue());
    assertEquals("YHello there", body.at("/choices/1/text").stringValue());
  }

  @Test
  void suffix_fillsTheGap() throws Exception {
    ask("\"prompt\":\"def f(\",\"suffix\":\"return x\"");
    assertEquals(
        new Prompt.Infill("def f(", "return x"), server.backend.completions.getFirst().prompt());
  }

  @Test
  void maxTokensZero_withEcho_givesThePromptBack() throws Exception {
    JsonNode body = ask("\"prompt\":\"Once\",\"echo\":true,\"max_tokens\":0").json();
    assertEquals("Once", body.at("/choices/0/text").stringValue());
    assertEquals("length", body.at("/choices/0/finish_reason").stringValue());
    assertEquals(5, body.at("/usage/prompt_tokens").intValue());
    assertTrue(server.backend.completions.isEmpty());
  }

  @Test
  void bestOf_choosesTheLikeliest() throws Exception {
    AtomicInteger next = new AtomicInteger();
    server.backend.script =
        sink -> {
          int i = next.getAndIncrement();
          sink.accept(new ChatEvent.Logprobs(List.of(FakeBackend.token("t" + i, -3.0 + i))));
          sink.accept(new ChatEvent.Text("t" + i));
          return FakeBackend.end(FinishReason.STOP);
        };
    JsonNode body = ask("\"prompt\":\"a\",\"best_of\":3,\"n\":1").json();
    assertEquals("t2", body.at("/choices/0/text").stringValue());
    assertEquals(1, body.get("choices").size());
    assertTrue(body.at("/choices/0/logprobs").isNull());
    assertEquals(9, body.at("/usage/completion_tokens").intValue());
  }

  @Test
  void logprobs_haveTheLegacyShape() throws Exception {
    server.backend.script =
        FakeBackend.plays(
            FinishReason.STOP,
            new ChatEvent.Logprobs(
                List.of(FakeBackend.token("He", -0.5), FakeBackend.token("y", -1))),
            new ChatEvent.Text("Hey"));
    JsonNode logprobs = ask("\"prompt\":\"a\",\"logprobs\":2").json().at("/choices/0/logprobs");
    assertEquals("[\"He\",\"y\"]", logprobs.get("tokens").toString());
    assertEquals("[-0.5,-1.0]", logprobs.get("token_logprobs").toString());
    assertEquals("[0,2]", logprobs.get("text_offset").toString());
    assertEquals(-1.5, logprobs.at("/top_logprobs/0/x").doubleValue());
    assertEquals(2, server.backend.completions.getFirst().generation().logprobs());
  }

  @Test
  void stream_isChunksAndUsageAndDone() throws Exception {
    List<FakeServer.Event> events =
        ask("\"prompt\":\"Once\",\"echo\":true,\"stream\":true,\"stream_options\":{\"include_usage\":true}")
            .events();
    assertEquals("[DONE]", events.getLast().data());
    StringBuilder text = new StringBuilder();
    for (FakeServer.Event e : events.subList(0, events.size() - 2)) {
      text.append(e.json().at("/choices/0/text").stringValue());
      assertTrue(e.json().get("usage").isNull());
    }
    assertEquals("OnceHello there", text.toString());
    JsonNode usage = events.get(events.size() - 2).json();
    assertEquals(0, usage.get("choices").size());
    assertEquals(15, usage.at("/usage/total_tokens").intValue());
    assertEquals(
        "stop", events.get(events.size() - 3).json().at("/choices/0/finish_reason").stringValue());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'prompt':1 | prompt",
        "'prompt':[] | prompt",
        "'prompt':['a',1] | prompt",
        "'prompt':[1.5] | prompt",
        "'prompt':'a','suffix':1 | suffix",
        "'prompt':[1],'suffix':'b' | suffix",
        "'prompt':'a','n':0 | n",
        "'prompt':'a','n':3,'best_of':2 | best_of",
        "'prompt':'a','best_of':2,'stream':true | best_of",
        "'prompt':'a','echo':true,'logprobs':1 | echo",
        "'prompt':'a','foo':1 | foo",
        "'prompt':'a','logprobs':true | logprobs",
        "'suffix':'b' | prompt",
      })
  void wrongField_isNamed(String fields, String param) throws Exception {
    FakeServer.Answer answer = ask(fields.replace('\'', '"'));
    assertEquals(400, answer.status());
    assertEquals(param, answer.json().at("/error/param").stringValue());
    assertEquals("invalid_request_error", answer.json().at("/error/type").stringValue());
    assertFalse(answer.json().at("/error/message").stringValue().isEmpty());
    assertTrue(server.backend.completions.isEmpty());
  }
}
