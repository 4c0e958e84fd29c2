package dev.nearside.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
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

  private final OpenAiStreamingChatModel streaming =
      OpenAiStreamingChatModel.builder()
          .baseUrl(Server.URL)
          .apiKey("none")
          .modelName(Server.MODEL)
          .temperature(0.0)
          .maxCompletionTokens(160)
          .strictJsonSchema(true)
          .build();

  private static ChatRequest.Builder ask(String text) {
    return ChatRequest.builder().messages(UserMessage.from(text));
  }

  /** The reply in pieces, which are those of the whole, and then the whole. */
  private AiMessage streamed(ChatRequest request) throws Exception {
    CompletableFuture<ChatResponse> end = new CompletableFuture<>();
    StringBuilder pieces = new StringBuilder();
    streaming.chat(
        request,
        new StreamingChatResponseHandler() {
          @Override
          public void onPartialResponse(String piece) {
            pieces.append(piece);
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
    AiMessage message = end.get(120, TimeUnit.SECONDS).aiMessage();
    assertEquals(message.text() == null ? "" : message.text(), pieces.toString());
    return message;
  }

  @Test
  void chat_wholeAndStreamed_areTheSame() throws Exception {
    String whole = model.chat(Server.QUESTION);
    assertTrue(whole.contains("Paris"), whole);
    assertEquals(whole, streamed(ask(Server.QUESTION).build()).text());
  }

  @Test
  void chat_requiredTool_isCalledWholeAndStreamed() throws Exception {
    ChatRequest request =
        ask("How is the weather in Paris?")
            .toolSpecifications(
                ToolSpecification.builder()
                    .name("get_weather")
                    .description("The weather of a city")
                    .parameters(CITY)
                    .build())
            .toolChoice(ToolChoice.REQUIRED)
            .build();
    ToolExecutionRequest call = model.chat(request).aiMessage().toolExecutionRequests().get(0);
    assertEquals("get_weather", call.name());
    assertCity(call.arguments());
    ToolExecutionRequest again = streamed(request).toolExecutionRequests().get(0);
    assertEquals(call.name(), again.name());
    assertEquals(call.arguments(), again.arguments());
  }

  @Test
  void chat_schema_isFollowedWholeAndStreamed() throws Exception {
    ChatRequest request =
        ask("Name a city.")
            .responseFormat(
                ResponseFormat.builder()
                    .type(ResponseFormatType.JSON)
                    .jsonSchema(JsonSchema.builder().name("city").rootElement(CITY).build())
                    .build())
            .build();
    String whole = model.chat(request).aiMessage().text();
    assertCity(whole);
    assertEquals(whole, streamed(request).text());
  }

  private static void assertCity(String json) throws Exception {
    assertTrue(new ObjectMapper().readTree(json).path("city").isTextual(), json);
  }
}
