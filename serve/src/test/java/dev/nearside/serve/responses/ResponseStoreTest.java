package dev.nearside.serve.responses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.serve.http.Json;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Answers are kept within bounds, and each key's apart. */
class ResponseStoreTest {
  private static void put(ResponseShelf shelf, String id, String text) {
    shelf.put(
        Json.object().put("id", id).put("text", text),
        List.of(),
        List.of(Json.object().put("id", "msg_" + id)));
  }

  @Test
  void oneTooMany_theOldestGoes() {
    ResponseStore store = new ResponseStore(2, 1 << 20);
    ResponseShelf shelf = store.shelf("k");
    put(shelf, "a", "");
    put(shelf, "b", "");
    put(shelf, "c", "");
    assertFalse(shelf.response("a").isPresent());
    assertTrue(shelf.response("b").isPresent());
    assertTrue(shelf.item("msg_c").isPresent());
    assertFalse(shelf.item("msg_a").isPresent());
    assertEquals(2, store.size());
  }

  @Test
  void tooLarge_othersMakeRoom_andItselfIfItMust() {
    ResponseStore store = new ResponseStore(100, 1500);
    ResponseShelf shelf = store.shelf("k");
    put(shelf, "a", "x".repeat(300));
    put(shelf, "b", "x".repeat(300));
    assertEquals(1, store.size());
    put(shelf, "c", "x".repeat(3000));
    assertEquals(0, store.size());
    put(shelf, "d", "");
    assertTrue(shelf.remove("d"));
    assertFalse(shelf.remove("d"));
  }

  @Test
  void manySmallItems_countWithWhatTheyTake() {
    ResponseStore store = new ResponseStore(100, 1 << 20);
    List<JsonNode> items = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      items.add(Json.object().put("id", "i" + i));
    }
    store.shelf("k").put(Json.object().put("id", "a"), items, List.of());
    assertEquals(0, store.size(), "5,000 items of 12 letters take more than a megabyte");
  }

  @Test
  void oneThatKeepsMuch_pushesOutItsOwn() {
    ResponseStore store = new ResponseStore(3, 1 << 20);
    ResponseShelf quiet = store.shelf("quiet");
    ResponseShelf loud = store.shelf("loud");
    put(quiet, "mine", "");
    for (int i = 0; i < 10; i++) {
      put(loud, "r" + i, "");
    }
    assertTrue(quiet.response("mine").isPresent());
    assertFalse(loud.response("r7").isPresent());
    assertTrue(loud.response("r8").isPresent());
    assertFalse(quiet.item("msg_r9").isPresent());
    assertFalse(quiet.remove("r9"));
  }

  @Test
  void itemInSeveralAnswers_isThere_untilTheLastOfThemGoes() {
    ResponseStore store = new ResponseStore(10, 1 << 20);
    ResponseShelf shelf = store.shelf("k");
    ObjectNode old = Json.object().put("id", "i").put("text", "old");
    ObjectNode now = Json.object().put("id", "i").put("text", "now");
    shelf.put(Json.object().put("id", "a"), List.of(old), List.of());
    shelf.put(Json.object().put("id", "b"), List.of(now), List.of());
    assertEquals("now", shelf.item("i").orElseThrow().get("text").asString());
    shelf.remove("b");
    assertEquals("old", shelf.item("i").orElseThrow().get("text").asString());
    shelf.remove("a");
    assertFalse(shelf.item("i").isPresent());
  }
}
