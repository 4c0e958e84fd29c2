package dev.nearside.serve.ui;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.serve.fake.FakeServer;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The Web UI's files are those of the list, with headers that keep them apart from programs. */
class UiFilesTest {
  private static final Map<String, String> JAR =
      Map.of(
          "files.txt", "assets/a-1.js\nicon.svg\nindex.html\nnot-there.css\n",
          "index.html", "<!doctype html>",
          "icon.svg", "<svg/>",
          "assets/a-1.js", "1",
          "secret.txt", "s");

  private static UiFiles files(Map<String, String> jar) {
    return UiFiles.read(path -> {
      String text = jar.get(path);
      return text == null ? null : new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    });
  }

  @Test
  void files_areThoseOfTheList() {
    UiFiles files = files(JAR);
    assertEquals(
        List.of("assets/a-1.js", "icon.svg", "index.html"), List.copyOf(files.all().keySet()));
    assertTrue(files.find("assets/a-1.js").orElseThrow().isHashed());
    assertEquals(
        "text/javascript; charset=utf-8", files.find("assets/a-1.js").orElseThrow().type());
    assertFalse(files.find("secret.txt").isPresent());
    assertNotEquals(
        files.find("icon.svg").orElseThrow().etag(), files.find("index.html").orElseThrow().etag());
  }

  @Test
  void withoutUi_onlyTheFrontPageIsThere() {
    assertEquals(
        List.of("/"), UiEndpoints.of(files(Map.of())).stream().map(e -> e.path()).toList());
  }

  @Test
  void program_servesEveryFileOfItsOwn() throws Exception {
    UiFiles files = UiFiles.ofProgram();
    try (FakeServer server = new FakeServer()) {
      FakeServer.Answer page = server.get("/");
      assertEquals(200, page.status());
      if (files.all().isEmpty()) { // built without Node.js
        assertTrue(page.body().startsWith("Nearside is running"), page.body());
        return;
      }
      assertTrue(page.header("Content-Security-Policy").contains("script-src 'self';"));
      assertEquals("no-cache", page.header("Cache-Control"));
      for (UiFiles.UiFile file : files.all().values()) {
        FakeServer.Answer answer = server.get("/" + file.path());
        assertEquals(200, answer.status(), file.path());
        assertEquals(file.type(), answer.header("Content-Type"));
        assertEquals("nosniff", answer.header("X-Content-Type-Options"));
        assertEquals(file.isHashed(), answer.header("Cache-Control").contains("immutable"));
        FakeServer.Answer again =
            server.get("/" + file.path(), "If-None-Match", answer.header("ETag"));
        assertEquals(304, again.status());
        assertEquals("", again.body());
      }
      assertEquals(404, server.get("/assets/no.js").status());
      assertEquals(404, server.get("/assets/..%2Ffiles.txt").status());
      assertEquals(404, server.get("/files.txt").status());
    }
  }
}
