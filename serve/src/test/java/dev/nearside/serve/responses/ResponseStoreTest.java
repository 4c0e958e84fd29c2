package dev.nearside.serve.responses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.serve.http.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Answers are kept within bounds. */
class ResponseStoreTest {
  private static ResponseStore.Stored response(String id, String text) {
    return new ResponseStore.Stored(
        Json.object().put("id", id).put("text", text),
        List.of(),
        List.of(Json.object().put("id", "msg_" + id)));
  }

  @Test
  void oneTooMany_theOldestGoes() {
    ResponseStore store = new ResponseStore(2, 1 << 20);
    store.put(response("a", ""));
    store.put(response("b", ""));
    store.put(response("c", ""));
    assertFalse(store.find("a").isPresent());
    assertTrue(store.find("b").isPresent());
    assertTrue(store.item("msg_c").isPresent());
    assertFalse(store.item("msg_a").isPresent());
  }

  @Test
  void tooLarge_othersMakeRoom_andItselfIfItMust() {
    ResponseStore store = new ResponseStore(100, 1000);
    store.put(response("a", "x".repeat(300)));
    store.put(response("b", "x".repeat(300)));
    assertEquals(1, store.size());
    store.put(response("c", "x".repeat(3000)));
    assertEquals(0, store.size());
    store.put(response("d", ""));
    assertTrue(store.remove("d"));
    assertFalse(store.remove("d"));
  }
}
