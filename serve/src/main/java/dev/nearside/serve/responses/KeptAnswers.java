package dev.nearside.serve.responses;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Answers of one key, the oldest first, and where their items are. Its user has the lock. */
final class KeptAnswers {
  // What an item or answer takes besides its text: objects, arrays' heads, its place in the maps.
  private static final int OVERHEAD = 250;

  /**
   * An item.
   *
   * @param json its text
   */
  record Item(String id, byte[] json) {
    private long bytes() {
      return OVERHEAD + id.length() + (long) json.length;
    }
  }

  /**
   * An answer.
   *
   * @param response its text
   */
  record Answer(String id, byte[] response, List<Item> input, List<Item> output) {
    List<Item> items() {
      return Stream.concat(input.stream(), output.stream()).toList();
    }

    long bytes() {
      return OVERHEAD
          + (long) response.length
          + Stream.concat(input.stream(), output.stream()).mapToLong(Item::bytes).sum();
    }
  }

  private final Map<String, Answer> answers = new LinkedHashMap<>();
  private final Map<String, LinkedHashSet<String>> holders = new HashMap<>(); // by id of the item
  private long bytes;

  long bytes() {
    return bytes;
  }

  int size() {
    return answers.size();
  }

  void add(Answer answer) {
    answers.put(answer.id(), answer);
    bytes += answer.bytes();
    for (Item item : answer.items()) {
      LinkedHashSet<String> all = holders.computeIfAbsent(item.id(), id -> new LinkedHashSet<>());
      all.addLast(answer.id());
    }
  }

  @Nullable Answer find(String id) {
    return answers.get(id);
  }

  byte @Nullable [] item(String id) {
    LinkedHashSet<String> all = holders.get(id);
    Answer latest = all == null ? null : answers.get(all.getLast());
    return latest == null
        ? null
        : latest.items().reversed().stream()
            .filter(item -> item.id().equals(id))
            .map(Item::json)
            .findFirst()
            .orElse(null);
  }

  @Nullable Answer removeOldest() {
    return answers.isEmpty() ? null : remove(answers.keySet().iterator().next());
  }

  @Nullable Answer remove(String id) {
    Answer gone = answers.remove(id);
    if (gone == null) {
      return null;
    }
    bytes -= gone.bytes();
    for (Item item : gone.items()) {
      LinkedHashSet<String> all = holders.get(item.id());
      if (all != null && all.remove(id) && all.isEmpty()) {
        holders.remove(item.id());
      }
    }
    return gone;
  }
}
