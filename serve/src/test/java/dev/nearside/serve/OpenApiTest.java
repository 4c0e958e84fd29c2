package dev.nearside.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.serve.fake.FakeHub;
import dev.nearside.serve.fake.FakeModels;
import dev.nearside.serve.fake.FakeServer;
import dev.nearside.serve.http.Endpoint;
import dev.nearside.serve.metrics.Activity;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The description of the API tells of every endpoint there is. */
class OpenApiTest {
  private static List<Endpoint> endpoints() {
    return Endpoints.of(
        new Services(
            new FakeModels(),
            FakeHub.of(),
            FakeModels.CHAT,
            "1",
            Clock.systemUTC(),
            new StubWorkshop(),
            new Host("none", 1)),
        new Activity(Clock.systemUTC()));
  }

  @Test
  void description_listsEveryEndpoint() throws Exception {
    try (FakeServer server = new FakeServer()) {
      JsonNode document = server.get("/openapi.json").json();
      assertEquals("3.1.0", document.get("openapi").stringValue());
      assertFalse(document.at("/info/title").stringValue().isEmpty());
      Set<String> ids = new HashSet<>();
      for (Endpoint e : endpoints()) {
        String path = e.path().replace("...}", "}");
        JsonNode operation =
            document.get("paths").path(path).path(e.method().toLowerCase(Locale.ROOT));
        String name = e.method() + " " + e.path();
        assertFalse(operation.path("summary").asString("").isEmpty(), name);
        assertTrue(ids.add(operation.get("operationId").stringValue()), name);
        assertTrue(operation.at("/responses/200").isObject(), name);
        assertTrue(operation.at("/responses/default").isObject(), name);
        int variables = path.length() - path.replace("{", "").length();
        long described =
            operation.path("parameters").values().stream()
                .filter(p -> p.get("in").stringValue().equals("path"))
                .count();
        assertEquals(variables, described, name);
      }
    }
  }

  @Test
  void description_tellsTheFieldsThatRequestsMayHave() throws Exception {
    try (FakeServer server = new FakeServer()) {
      JsonNode schema =
          server
              .get("/openapi.json")
              .json()
              .at(
                  "/paths/~1v1~1chat~1completions/post/requestBody/content/application~1json/schema");
      assertEquals("array", schema.at("/properties/messages/type/0").stringValue());
      assertEquals("[\"messages\",\"model\"]", schema.get("required").toString());
      for (String field : schema.get("properties").propertyNames()) {
        String body = "{\"" + field + "\":null}";
        String error = server.post("/v1/chat/completions", body).body();
        assertFalse(error.contains("unknown parameter"), field);
      }
    }
  }
}
