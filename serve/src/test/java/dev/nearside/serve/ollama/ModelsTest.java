package dev.nearside.serve.ollama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.hub.LocalModel;
import dev.nearside.serve.ServerUnderTest;
import dev.nearside.serve.ServerUnderTest.Answer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ModelsTest {
  private static final String CONTENT = "not really a model";

  @TempDir Path home;
  private ServerUnderTest server;
  private String digest;

  @BeforeEach
  void start() throws Exception {
    server = new ServerUnderTest(home);
    digest =
        HexFormat.of()
            .formatHex(
                MessageDigest.getInstance("SHA-256")
                    .digest(CONTENT.getBytes(StandardCharsets.UTF_8)));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Answer create(String rest) throws Exception {
    return server.post("/api/create", "{\"model\": \"mine\", " + rest + "}");
  }

  private void upload() throws Exception {
    assertEquals(201, server.post("/api/blobs/sha256:" + digest, CONTENT).status());
  }

  private String files() {
    return "\"files\": {\"m.gguf\": \"sha256:" + digest + "\"}";
  }

  @Test
  void blob_isStored_foundAndVerified() throws Exception {
    String path = "/api/blobs/sha256:" + digest;
    assertEquals(404, server.send("HEAD", path, "").status());
    Answer wrong = server.post(path, "something else");
    assertEquals(400, wrong.status());
    assertTrue(wrong.json().get("error").asString().contains("digest"), wrong.body());
    assertEquals(404, server.send("HEAD", path, "").status());
    upload();
    assertEquals(200, server.send("HEAD", path, "").status());
    assertEquals(200, server.post(path, CONTENT).status());
    assertEquals(400, server.post("/api/blobs/sha256:../../x", "x").status());
    try (var left = Files.list(home.resolve("work"))) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void create_fromFiles_keepsTheModelsOwnThings() throws Exception {
    upload();
    Answer answer =
        create(
            files()
                + ", \"system\": \"You are Mario.\", \"parameters\": {\"temperature\": 0.25,"
                + " \"stop\": [\"A\", \"B\"], \"num_ctx\": 512}, \"license\": [\"one\", \"two\"],"
                + " \"messages\": [{\"role\": \"user\", \"content\": \"hi\"}]");
    assertEquals(200, answer.status(), answer.body());
    assertEquals("success", answer.lines().getLast().get("status").asString());
    LocalModel model = server.hub.resolve("mine");
    assertEquals("mine:latest", model.name());
    assertEquals("You are Mario.", model.settings().system());
    assertEquals(0.25, model.settings().parameters().get("temperature"));
    assertEquals(List.of("A", "B"), model.settings().parameters().get("stop"));
    JsonNode shown = server.post("/api/show", "{\"model\": \"mine\"}").json();
    assertEquals("You are Mario.", shown.get("system").asString());
    assertEquals("one\n\ntwo", shown.get("license").asString());
    assertTrue(shown.get("parameters").asString().contains("temperature"));
    assertTrue(shown.get("modelfile").asString().contains("PARAMETER stop \"A\""));
    assertEquals("completion", shown.at("/capabilities/0").asString());
    assertEquals(4096, shown.at("/model_info/llama.context_length").intValue());
    assertEquals(0, shown.at("/model_info/tokenizer.ggml.tokens").size());
    JsonNode listed = server.get("/api/tags").json().at("/models/0");
    assertEquals("completion", listed.at("/capabilities/0").asString());
    JsonNode all = server.post("/api/show", "{\"model\": \"mine\", \"verbose\": true}").json();
    assertEquals(2, all.at("/model_info/tokenizer.ggml.tokens").size());
  }

  @Test
  void create_fromAMadeModel_inheritsAndOverrides() throws Exception {
    upload();
    create(files() + ", \"system\": \"S\", \"parameters\": {\"temperature\": 1, \"top_k\": 5}");
    Answer answer =
        server.post(
            "/api/create",
            "{\"model\": \"child\", \"from\": \"mine\", \"parameters\": {\"top_k\": 7},"
                + " \"stream\": false}");
    assertEquals("success", answer.json().get("status").asString(), answer.body());
    LocalModel child = server.hub.resolve("child");
    assertEquals("S", child.settings().system());
    assertEquals("1", String.valueOf(child.settings().parameters().get("temperature")));
    assertEquals("7", String.valueOf(child.settings().parameters().get("top_k")));
    assertEquals("mine:latest", child.settings().parent());
  }

  @Test
  void create_quantized_writesNewWeights() throws Exception {
    upload();
    create(files());
    Answer answer =
        server.post(
            "/api/create", "{\"model\": \"small\", \"from\": \"mine\", \"quantize\": \"q4_K_M\"}");
    assertEquals("success", answer.lines().getLast().get("status").asString(), answer.body());
    LocalModel small = server.hub.resolve("small");
    assertEquals(CONTENT + "Q4_K", Files.readString(small.path()));
    assertEquals("mine:latest", small.settings().parent());
    Answer refused =
        server.post("/api/create", "{\"model\": \"x\", \"from\": \"mine\", \"quantize\": \"q9\"}");
    assertEquals(400, refused.status());
  }

  @Test
  void create_thatMakesNoSense_isRefusedBeforeAnyLine() throws Exception {
    upload();
    assertEquals(400, create("\"system\": \"x\"").status());
    assertEquals(400, create(files() + ", \"parameters\": {\"warmth\": 1}").status());
    assertEquals(400, create(files() + ", \"parameters\": {\"top_k\": \"x\"}").status());
    Answer go = create(files() + ", \"template\": \"{{ if .System }}x{{ end }}\"");
    assertEquals(400, go.status());
    assertTrue(go.json().get("error").asString().contains("Jinja"));
    assertEquals(400, create(files() + ", \"template\": \"{% for %}\"").status());
    assertEquals(404, create("\"from\": \"nowhere\"").status());
    assertTrue(server.hub.find("mine").isEmpty());
  }

  @Test
  void create_withAMissingBlobOrACatalogueName_endsWithAnErrorLine() throws Exception {
    Answer missing = create(files());
    assertTrue(missing.lines().getLast().get("error").asString().contains("blob"), missing.body());
    upload();
    Answer name = server.post("/api/create", "{\"model\": \"smollm2:135m\", " + files() + "}");
    assertTrue(name.lines().getLast().get("error").asString().contains("name"), name.body());
  }

  @Test
  void create_withAModelfile_asOlderClientsSendIt() throws Exception {
    upload();
    create(files());
    Answer answer =
        server.post(
            "/api/create",
            "{\"name\": \"old\", \"modelfile\": \"FROM mine\\nSYSTEM"
                + " \\\"\\\"\\\"Two\\nlines\\\"\\\"\\\"\"}");
    assertEquals("success", answer.lines().getLast().get("status").asString(), answer.body());
    assertEquals("Two\nlines", server.hub.resolve("old").settings().system());
  }

  private String adapter(String content) throws Exception {
    String sha256 =
        HexFormat.of()
            .formatHex(
                MessageDigest.getInstance("SHA-256")
                    .digest(content.getBytes(StandardCharsets.UTF_8)));
    server.post("/api/blobs/sha256:" + sha256, content);
    return "sha256:" + sha256;
  }

  @Test
  void create_withAdapters_keepsAndShowsThem() throws Exception {
    upload();
    String style = adapter("adapter of style");
    create(files() + ", \"adapters\": {\"style.gguf\": \"" + style + "\"}");
    LocalModel made = server.hub.resolve("mine");
    assertEquals("style.gguf", made.adapters().getFirst().name());
    String shown =
        server.post("/api/show", "{\"model\": \"mine\"}").json().get("modelfile").asString();
    assertTrue(shown.contains("\nADAPTER " + made.adapters().getFirst().path()), shown);
    String more = adapter("adapter of more");
    server.post(
        "/api/create",
        "{\"model\": \"q\", \"from\": \"mine\", \"quantize\": \"q8_0\", \"adapters\":"
            + " {\"style.gguf\": \""
            + more
            + "\"}}");
    assertEquals(2, server.hub.resolve("q").adapters().size(), "a quantised model keeps them too");
    server.post(
        "/api/create", "{\"name\": \"old\", \"modelfile\": \"FROM mine\\nADAPTER @" + more + "\"}");
    assertEquals(2, server.hub.resolve("old").adapters().size());
  }

  @Test
  void create_withWhatIsNoAdapterOfTheModel_isRefused() throws Exception {
    upload();
    String head = files() + ", \"stream\": false, \"adapters\": {\"a.gguf\": \"";
    Answer model = create(head + "sha256:" + digest + "\"}");
    assertEquals(400, model.status(), model.body());
    assertTrue(model.body().contains("not an adapter"), model.body());
    Answer other = create(head + adapter("adapter of another") + "\"}");
    assertEquals(400, other.status(), other.body());
    assertEquals(400, create(head + "sha256:" + "e".repeat(64) + "\"}").status());
    assertEquals(400, create(head + "/etc/passwd\"}").status());
    Answer path =
        server.post(
            "/api/create",
            "{\"name\": \"old\", \"modelfile\": \"FROM mine\\nADAPTER /etc/passwd\"}");
    assertEquals(400, path.status(), path.body());
    assertTrue(server.hub.find("mine").isEmpty(), "nothing was made");
  }

  @Test
  void tags_copyAndDelete_workOnTheStore() throws Exception {
    upload();
    create(files());
    assertEquals(
        200,
        server.post("/api/copy", "{\"source\": \"mine\", \"destination\": \"twin\"}").status());
    JsonNode models = server.get("/api/tags").json().get("models");
    assertEquals(2, models.size());
    assertEquals("mine:latest", models.at("/0/name").asString());
    assertEquals(digest, models.at("/0/digest").asString());
    assertEquals(CONTENT.length(), models.at("/0/size").intValue());
    assertEquals("1M", models.at("/0/details/parameter_size").asString());
    assertEquals(
        404, server.post("/api/copy", "{\"source\": \"no\", \"destination\": \"x\"}").status());
    assertEquals(200, server.send("DELETE", "/api/delete", "{\"model\": \"mine\"}").status());
    assertEquals(404, server.send("DELETE", "/api/delete", "{\"model\": \"mine\"}").status());
    assertTrue(server.hub.find("twin").isPresent());
    assertEquals(404, server.post("/api/show", "{\"model\": \"mine\"}").status());
  }

  @Test
  void ps_listsLoadedModels() throws Exception {
    JsonNode model = server.get("/api/ps").json().at("/models/0");
    assertEquals("fake:1b", model.get("name").asString());
    assertEquals(120, model.get("size").intValue());
    assertEquals(4096, model.get("context_length").intValue());
    assertEquals("2026-01-02T03:04:05Z", model.get("expires_at").asString());
  }

  @Test
  void pull_ofWhatIsHere_succeeds_andOfNothingIs404() throws Exception {
    upload();
    create(files());
    List<JsonNode> lines = server.post("/api/pull", "{\"model\": \"mine\"}").lines();
    assertEquals("pulling manifest", lines.getFirst().get("status").asString());
    assertEquals("success", lines.getLast().get("status").asString());
    assertEquals(404, server.post("/api/pull", "{\"model\": \"nope\"}").status());
    JsonNode whole = server.post("/api/pull", "{\"model\": \"mine\", \"stream\": false}").json();
    assertEquals("success", whole.get("status").asString());
  }

  @Test
  void push_isNotOffered() throws Exception {
    assertEquals(501, server.post("/api/push", "{\"model\": \"x\"}").status());
  }

  @Test
  void root_andVersion_tellThatSomebodyIsThere() throws Exception {
    assertEquals(200, server.get("/").status(), "clients look whether anybody is there");
    assertEquals(200, server.send("HEAD", "/", "").status());
    assertEquals("1.2.3", server.get("/api/version").json().get("version").asString());
    assertFalse(server.get("/api/nothing").json().get("error").asString().isEmpty());
  }
}
