package dev.nearside.serve.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.nearside.serve.fake.FakeServer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Embeddings and reranking. */
class EmbeddingsTest {
  private final FakeServer server = new FakeServer();

  @AfterEach
  void close() {
    server.close();
  }

  private FakeServer.Answer ask(String path, String fields) throws Exception {
    return server.post(path, "{\"model\":\"fake:1b\"," + fields.replace('\'', '"') + "}");
  }

  @Test
  void inputs_ofEveryKind_haveTheirVectorsInOrder() throws Exception {
    JsonNode two = ask("/v1/embeddings", "'input':['abc','d'],'prefix':'q:'").json();
    assertEquals(5, two.at("/data/0/embedding/0").intValue());
    assertEquals(3, two.at("/data/1/embedding/0").intValue());
    assertEquals(2, two.at("/usage/total_tokens").intValue());
    JsonNode ids = ask("/v1/embeddings", "'input':[[1,2],[3]]").json();
    assertEquals(2, ids.at("/data/0/embedding/0").intValue());
    assertEquals(1, ask("/v1/embeddings", "'input':[1,2]").json().get("data").size());
    assertEquals(1, ask("/v1/embeddings", "'input':'x'").json().get("data").size());
  }

  @Test
  void base64_isLittleEndianFloats() throws Exception {
    JsonNode body = ask("/v1/embeddings", "'input':'abc','encoding_format':'base64'").json();
    ByteBuffer bytes =
        ByteBuffer.wrap(Base64.getDecoder().decode(body.at("/data/0/embedding").stringValue()))
            .order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(8, bytes.remaining());
    assertEquals(3f, bytes.getFloat());
    assertEquals(0.5f, bytes.getFloat());
  }

  @Test
  void rerank_bestFirst_asJinaHasIt() throws Exception {
    JsonNode body =
        ask(
                "/v1/rerank",
                "'query':'q','documents':['a',{'text':'ccc'},'bb'],'top_n':2,'return_documents':true")
            .json();
    assertEquals(2, body.get("results").size());
    assertEquals(1, body.at("/results/0/index").intValue());
    assertEquals("ccc", body.at("/results/0/document/text").stringValue());
    assertEquals(0.02f, body.at("/results/1/relevance_score").floatValue());
    assertEquals(3, body.at("/usage/total_tokens").intValue());
  }

  @Test
  void rerank_texts_isABareList() throws Exception {
    JsonNode body = ask("/rerank", "'query':'q','texts':['a','bb'],'raw_scores':true").json();
    assertEquals(1, body.at("/0/index").intValue());
    assertEquals(2f, body.at("/0/score").floatValue());
    assertFalse(body.get(0).has("text"));
  }

  @Test
  void rerank_fieldsThatSayTheDefault_areTaken() throws Exception {
    String usual =
        "'query':'q','documents':['a'],'max_tokens_per_doc':4096,'rank_fields':['text'],"
            + "'truncation_direction':'Right'";
    assertEquals(200, ask("/v1/rerank", usual).status());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/v1/embeddings | 'x':1 | x",
        "/v1/embeddings | 'user':'u' | input",
        "/v1/embeddings | 'input':[] | input",
        "/v1/embeddings | 'input':['a',1] | input",
        "/v1/embeddings | 'input':[[]] | input",
        "/v1/embeddings | 'input':'a','dimensions':0 | dimensions",
        "/v1/embeddings | 'input':'a','encoding_format':'int8' | encoding_format",
        "/v1/rerank | 'query':'q' | documents",
        "/v1/rerank | 'query':'q','documents':[] | documents",
        "/v1/rerank | 'query':'q','documents':[1] | documents[0]",
        "/v1/rerank | 'query':'q','documents':[{'text':'a','image':'b'}] | documents[0].image",
        "/v1/rerank | 'documents':['a'] | query",
        "/v1/rerank | 'query':'q','documents':['a'],'top_n':0 | top_n",
        "/v1/rerank | 'query':'q','documents':['a'],'max_tokens_per_doc':512 | max_tokens_per_doc",
        "/v1/rerank | 'query':'q','documents':['a'],'rank_fields':['title'] | rank_fields",
        "/rerank | 'query':'q','texts':['a'],'truncation_direction':'Left' | truncation_direction",
      })
  void wrongField_isNamed(String path, String fields, String param) throws Exception {
    FakeServer.Answer answer = ask(path, fields);
    assertEquals(400, answer.status(), answer.body());
    assertEquals(param, answer.json().at("/error/param").stringValue());
  }
}
