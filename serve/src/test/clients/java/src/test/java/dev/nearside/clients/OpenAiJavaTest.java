package dev.nearside.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.NotFoundException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionToolChoiceOption;
import com.openai.models.chat.completions.StructuredChatCompletionCreateParams;
import org.junit.jupiter.api.Test;

/** The official Java client. */
class OpenAiJavaTest {
  /** A tool's arguments. */
  static class GetWeather {
    public String city;
  }

  /** A structured reply. */
  static class Person {
    public String name;
    public int age;
  }

  private final OpenAIClient client =
      OpenAIOkHttpClient.builder().baseUrl(Server.URL).apiKey("none").maxRetries(0).build();

  private static ChatCompletionCreateParams.Builder ask(String text) {
    return ChatCompletionCreateParams.builder()
        .model(Server.MODEL)
        .temperature(0)
        .maxCompletionTokens(160)
        .addUserMessage(text);
  }

  @Test
  void chat_wholeAndStreamed_areTheSame() {
    ChatCompletion whole = client.chat().completions().create(ask(Server.QUESTION).build());
    String text = whole.choices().get(0).message().content().orElseThrow();
    assertTrue(text.contains("Paris"), text);
    assertEquals(text, streamed(ask(Server.QUESTION).build()).content().orElseThrow());
  }

  /** The reply, put together of its pieces. */
  private ChatCompletionMessage streamed(ChatCompletionCreateParams params) {
    return accumulated(client.chat().completions().createStreaming(params))
        .chatCompletion()
        .choices()
        .get(0)
        .message();
  }

  private static ChatCompletionAccumulator accumulated(StreamResponse<ChatCompletionChunk> chunks) {
    ChatCompletionAccumulator pieces = ChatCompletionAccumulator.create();
    try (chunks) {
      chunks.stream().forEach(pieces::accumulate);
    }
    return pieces;
  }

  @Test
  void chat_requiredTool_isCalledWholeAndStreamed() {
    ChatCompletionCreateParams params =
        ask("How is the weather in Paris?")
            .addTool(GetWeather.class)
            .toolChoice(ChatCompletionToolChoiceOption.Auto.REQUIRED)
            .build();
    ChatCompletion reply = client.chat().completions().create(params);
    GetWeather arguments = call(reply.choices().get(0).message());
    assertTrue(arguments.city != null);
    assertEquals(arguments.city, call(streamed(params)).city);
  }

  private static GetWeather call(ChatCompletionMessage message) {
    return message.toolCalls().orElseThrow().get(0).asFunction().function()
        .arguments(GetWeather.class);
  }

  @Test
  void chat_schemaOfClass_isFollowedWholeAndStreamed() {
    StructuredChatCompletionCreateParams<Person> params =
        ask("Describe a person.").responseFormat(Person.class).build();
    Person person =
        client.chat().completions().create(params).choices().get(0).message().content()
            .orElseThrow();
    assertTrue(person.name != null);
    Person streamed =
        accumulated(client.chat().completions().createStreaming(params))
            .chatCompletion(Person.class)
            .choices()
            .get(0)
            .message()
            .content()
            .orElseThrow();
    assertEquals(person.name, streamed.name);
    assertEquals(person.age, streamed.age);
  }

  @Test
  void chat_unknownModel_isNotFound() {
    assertThrows(
        NotFoundException.class,
        () -> client.chat().completions().create(ask("x").model("no-such-model").build()));
  }
}
