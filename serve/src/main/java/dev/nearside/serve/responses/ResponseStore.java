package dev.nearside.serve.responses;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The answers that were asked to be kept: the latest ones, in memory, until the server stops. */
public final class ResponseStore {
  /** Enough for days of chatting by hand; a program that needs more keeps its own history. */
  public static final int MAX_RESPONSES = 1000;

  public static final long MAX_BYTES = 64L << 20;

  /**
   * A kept answer.
   *
   * @param response the object as it was sent
   * @param input all items that it answers, those of earlier responses too
   * @param output the items of the answer
   */
  record Stored(ObjectNode response, List<JsonNode> input, List<JsonNode> output) {
    Stored {
      input = List.copyOf(input);
      output = List.copyOf(output);
    }

    String id() {
      return response.path("id").asString("");
    }

    // Characters of JSON, twice: nodes take more room than their text.
    long bytes() {
      long length = response.toString().length();
      for (JsonNode item : input) {
        length += item.toString().length();
      }
      return 2 * length;
    }
  }

  private record Entry(Stored stored, long bytes) {}

  private final int maxResponses;
  private final long maxBytes;
  private final Map<String, Entry> entries = new LinkedHashMap<>(); // the oldest first
  private long bytes;

  /**
   * @param maxResponses how many are kept at most
   * @param maxBytes roughly how much memory they may take together
   */
  public ResponseStore(int maxResponses, long maxBytes) {
    this.maxResponses = maxResponses;
    this.maxBytes = maxBytes;
  }

  /** Keeps an answer, and forgets the oldest ones if need be. */
  synchronized void put(Stored stored) {
    Entry entry = new Entry(stored, stored.bytes());
    entries.put(stored.id(), entry);
    bytes += entry.bytes();
    Iterator<Entry> oldest = entries.values().iterator();
    while ((entries.size() > maxResponses || bytes > maxBytes) && oldest.hasNext()) {
      bytes -= oldest.next().bytes();
      oldest.remove();
    }
  }

  synchronized Optional<Stored> find(String id) {
    return Optional.ofNullable(entries.get(id)).map(Entry::stored);
  }

  /** Forgets an answer; false when it was not there. */
  synchronized boolean remove(String id) {
    Entry gone = entries.remove(id);
    if (gone != null) {
      bytes -= gone.bytes();
    }
    return gone != null;
  }

  /** An item that was sent or received before; the latest answers are looked through first. */
  synchronized Optional<JsonNode> item(String id) {
    Map<String, JsonNode> byId = new HashMap<>();
    for (Entry entry : entries.values()) {
      entry.stored().input().forEach(item -> byId.put(item.path("id").asString(""), item));
      entry.stored().output().forEach(item -> byId.put(item.path("id").asString(""), item));
    }
    return Optional.ofNullable(byId.get(id));
  }

  synchronized int size() {
    return entries.size();
  }
}
