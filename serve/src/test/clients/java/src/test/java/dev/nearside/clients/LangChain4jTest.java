package dev.nearside.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** LangChain4j with its OpenAI module. */
class LangChain4jTest {
  private static final JsonObjectSchema CITY =
      JsonObjectSchema.builder().addStringProperty("city").required("city").build();

  private final OpenAiChatModel model =
      OpenAiChatModel.builder()
          .baseUrl(Server.URL)
          .apiKey("none")
          .modelName(Server.MODEL)
          .temperature(0.0)
          .maxRetries(0)
          .maxCompletionTokens(160)
          .strictJsonSchema(true)
          .build();

  @Test
  void chat_wholeAndStreamed_areTheSame() throws Exception {
    String whole = model.chat(Server.QUESTION);
    assertTrue(whole.contains("Paris"), whole);
    CompletableFuture<ChatResponse> end = new CompletableFuture<>();
    StringBuilder streamed = new StringBuilder();
    OpenAiStreamingChatModel.builder()
        .baseUrl(Server.URL)
        .apiKey("none")
        .modelName(Server.MODEL)
        .temperature(0.0)
        .maxCompletionTokens(160)
        .build()
        .chat(
            Server.QUESTION,
            new StreamingChatResponseHandler() {
              @Override
              public void onPartialResponse(String piece) {
                streamed.append(piece);
              }

              @Override
              public void onCompleteResponse(ChatResponse response) {
                end.complete(response);
              }

              @Override
              public void onError(Throwable error) {
                end.completeExceptionally(error);
              }
            });
    ChatResponse last = end.get(120, TimeUnit.SECONDS);
    assertEquals(whole, streamed.toString());
    assertEquals(whole, last.aiMessage().text());
  }

  @Test
  void chat_requiredTool_isCalled() throws Exception {
    ChatResponse reply =
        model.chat(
            ChatRequest.builder()
                .messages(UserMessage.from("How is the weather in Paris?"))
                .toolSpecifications(
                    ToolSpecification.builder()
                        .name("get_weather")
                        .description("The weather of a city")
                        .parameters(CITY)
                        .build())
                .toolChoice(ToolChoice.REQUIRED)
                .build());
    assertEquals("get_weather", reply.aiMessage().toolExecutionRequests().get(0).name());
    assertCity(reply.aiMessage().toolExecutionRequests().get(0).arguments());
  }

  @Test
  void chat_schema_isFollowed() throws Exception {
    ChatResponse reply =
        model.chat(
            ChatRequest.builder()
                .messages(UserMessage.from("Name a city."))
                .responseFormat(
                    ResponseFormat.builder()
                        .type(ResponseFormatType.JSON)
                        .jsonSchema(JsonSchema.builder().name("city").rootElement(CITY).build())
                        .build())
                .build());
    assertCity(reply.aiMessage().text());
  }

  private static void assertCity(String json) throws Exception {
    assertTrue(new ObjectMapper().readTree(json).path("city").isTextual(), json);
  }
}
