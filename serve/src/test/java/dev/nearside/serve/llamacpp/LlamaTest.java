package dev.nearside.serve.llamacpp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.chat.ChatEvent;
import dev.nearside.chat.FinishReason;
import dev.nearside.chat.Prompt;
import dev.nearside.serve.fake.FakeBackend;
import dev.nearside.serve.fake.FakeServer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What clients of llama.cpp's server ask for. */
class LlamaTest {
  private final FakeServer server = new FakeServer();

  @AfterEach
  void close() {
    server.close();
  }

  private JsonNode ask(String path, String body) throws Exception {
    FakeServer.Answer answer = server.post(path, body.replace('\'', '"'));
    assertEquals(200, answer.status(), answer.body());
    return answer.json();
  }

  @Test
  void tokens_goThereAndBack() throws Exception {
    JsonNode ids = ask("/tokenize", "{'content':'Hi!'}").get("tokens");
    assertEquals("[72,105,33]", ids.toString());
    assertEquals("Hi!", ask("/detokenize", "{'tokens':" + ids + "}").get("content").stringValue());
    assertEquals(
        1, ask("/tokenize", "{'content':'Hi','add_special':true}").at("/tokens/0").intValue());
  }

  @Test
  void pieces_areTextsOrBytes() throws Exception {
    JsonNode tokens = ask("/tokenize", "{'content':'Hä','with_pieces':true}").get("tokens");
    assertEquals("{\"id\":72,\"piece\":\"H\"}", tokens.get(0).toString());
    assertEquals("{\"id\":228,\"piece\":[195]}", tokens.get(1).toString());
  }

  @Test
  void template_isShownAndCounted() throws Exception {
    String chat = "{'messages':[{'role':'user','content':'Hi'}]}";
    assertEquals("<user>Hi<assistant>", ask("/apply-template", chat).get("prompt").stringValue());
    assertEquals(19, ask("/v1/chat/completions/input_tokens", chat).get("input_tokens").intValue());
  }

  @Test
  void completion_hasTheNativeShape() throws Exception {
    server.backend.script =
        sink -> {
          sink.accept(new ChatEvent.Logprobs(List.of(FakeBackend.token("a", -1))));
          sink.accept(new ChatEvent.Text("a"));
          return FakeBackend.end(FinishReason.STOP, "END");
        };
    JsonNode body =
        ask("/completion", "{'prompt':'x','n_predict':8,'n_probs':2,'seed':-1,'whatever':1}");
    assertEquals("a", body.get("content").stringValue());
    assertEquals("word", body.get("stop_type").stringValue());
    assertEquals("END", body.get("stopping_word").stringValue());
    assertEquals(2, body.at("/completion_probabilities/0/id").intValue());
    assertEquals(1, body.at("/completion_probabilities/0/top_logprobs/1/id").intValue());
    assertEquals(7, body.at("/timings/prompt_n").intValue());
    assertNull(server.backend.completions.getFirst().generation().sampling().seed());
  }

  @Test
  void stream_endsWithWhatTheWholeSays() throws Exception {
    List<FakeServer.Event> events =
        server.post("/completion", "{\"prompt\":[1,2],\"stream\":true}").events();
    assertEquals("Hello", events.get(0).json().get("content").stringValue());
    assertFalse(events.get(0).json().get("stop").booleanValue());
    assertTrue(events.getLast().json().get("stop").booleanValue());
    assertEquals("eos", events.getLast().json().get("stop_type").stringValue());
  }

  @Test
  void infill_putsOtherFilesFirst() throws Exception {
    ask(
        "/infill",
        "{'input_extra':[{'filename':'a.h','text':'A'}],'input_prefix':'int"
            + " ','prompt':'x','input_suffix':';'}");
    assertEquals(
        new Prompt.Infill("\n\n--- a.h ---\n\nAint x", ";"),
        server.backend.completions.getFirst().prompt());
  }

  @Test
  void pathsWithoutVersion_needNoModel() throws Exception {
    String chat = "{'messages':[{'role':'user','content':'Hi'}]}";
    JsonNode reply = ask("/chat/completions", chat);
    assertEquals("Hello there", reply.at("/choices/0/message/content").stringValue());
    assertEquals("fake:1b", reply.get("model").stringValue());
    assertEquals(19, ask("/chat/completions/input_tokens", chat).get("input_tokens").intValue());
    assertEquals("Hello there", ask("/completions", "{'prompt':'x'}").get("content").stringValue());
    assertEquals("list", server.get("/models").json().get("object").stringValue());
    assertEquals(
        0, ask("/reranking", "{'query':'q','documents':['a']}").at("/results/0/index").intValue());
    assertEquals(
        400, server.post("/v1/chat/completions", chat.replace('\'', '"')).status(), "OpenAI's");
  }

  @Test
  void embeddings_areListsOfOneVector() throws Exception {
    assertEquals(
        "[{\"index\":0,\"embedding\":[[3.0,0.5]]},{\"index\":1,\"embedding\":[[2.0,0.5]]}]",
        ask("/embeddings", "{'content':['abc',[7,8]]}").toString());
    assertEquals("[[1.0,0.5]]", ask("/embedding", "{'input':'a'}").at("/0/embedding").toString());
  }

  @Test
  void props_tellTheModel() throws Exception {
    JsonNode body = server.get("/props").json();
    assertEquals("fake:1b", body.get("model_alias").stringValue());
    assertEquals(4096, body.at("/default_generation_settings/n_ctx").intValue());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/tokenize | {} | content",
        "/detokenize | {'tokens':['a']} | tokens",
        "/apply-template | {} | messages",
        "/completion | {} | prompt",
        "/completion | {'prompt':['a',1]} | prompt",
        "/completion | {'prompt':'a','n_predict':0} | n_predict",
        "/completion | {'prompt':'a','seed':1.5} | seed",
        "/completion | {'prompt':'a','n_predict':1e400} | n_predict",
        "/completion | {'prompt':[1e99999999999]} | prompt[0]",
        "/completion | {'prompt':'a','image_data':[{'data':'','id':1}]} | image_data",
        "/completions | {'prompt':{'prompt_string':'a','multimodal_data':['']}} | prompt",
        "/chat/completions | {} | messages",
        "/embeddings | {} | input",
        "/embeddings | {'content':[[]]} | content",
        "/embeddings | {'content':'a','embd_normalize':1} | embd_normalize",
        "/infill | {'input_prefix':'a'} | input_suffix",
        "/infill | {'input_extra':[{'filename':'a'}],'input_prefix':'a','input_suffix':'b'} |"
            + " input_extra[0].text",
      })
  void wrongField_isNamed(String path, String body, String param) throws Exception {
    FakeServer.Answer answer = server.post(path, body.replace('\'', '"'));
    assertEquals(400, answer.status(), answer.body());
    assertEquals(param, answer.json().at("/error/param").stringValue());
  }
}
