package dev.nearside.serve.responses;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The answers that were asked to be kept: the latest ones, in memory, until the server stops. Each
 * key has its own, and sees no others. They are kept as bytes, which is how much they take.
 */
public final class ResponseStore {
  /** Enough for days of chatting by hand; a program that needs more keeps its own history. */
  public static final int MAX_RESPONSES = 1000;

  public static final long MAX_BYTES = 64L << 20;

  private static final JsonMapper JSON = JsonMapper.shared();

  private final int maxResponses;
  private final long maxBytes;
  private final Map<String, KeptAnswers> owners = new HashMap<>();
  private int responses;
  private long bytes;

  /**
   * @param maxResponses how many are kept at most
   * @param maxBytes how much memory they may take together
   */
  public ResponseStore(int maxResponses, long maxBytes) {
    this.maxResponses = maxResponses;
    this.maxBytes = maxBytes;
  }

  /** The answers of one owner. */
  ResponseShelf shelf(String owner) {
    return new Shelf(owner);
  }

  synchronized int size() {
    return responses;
  }

  // Whoever keeps the most makes room: nobody can push out what others keep.
  private synchronized void put(String owner, KeptAnswers.Answer answer) {
    remove(owner, answer.id());
    owners.computeIfAbsent(owner, name -> new KeptAnswers()).add(answer);
    responses++;
    bytes += answer.bytes();
    while (responses > maxResponses || bytes > maxBytes) {
      Comparator<KeptAnswers> order =
          bytes > maxBytes
              ? Comparator.comparingLong(KeptAnswers::bytes)
              : Comparator.comparingInt(KeptAnswers::size);
      KeptAnswers most = owners.values().stream().max(order).orElseThrow();
      forget(most, most.removeOldest());
    }
  }

  private void forget(KeptAnswers from, KeptAnswers.@Nullable Answer gone) {
    if (gone != null) {
      responses--;
      bytes -= gone.bytes();
    }
    if (from.size() == 0) {
      owners.values().remove(from);
    }
  }

  private synchronized KeptAnswers.@Nullable Answer find(String owner, String id) {
    KeptAnswers own = owners.get(owner);
    return own == null ? null : own.find(id);
  }

  private synchronized byte @Nullable [] findItem(String owner, String id) {
    KeptAnswers own = owners.get(owner);
    return own == null ? null : own.item(id);
  }

  private synchronized boolean remove(String owner, String id) {
    KeptAnswers own = owners.get(owner);
    KeptAnswers.Answer gone = own == null ? null : own.remove(id);
    if (own != null) {
      forget(own, gone);
    }
    return gone != null;
  }

  private final class Shelf implements ResponseShelf {
    private final String owner;

    Shelf(String owner) {
      this.owner = owner;
    }

    @Override
    public void put(ObjectNode response, List<JsonNode> input, List<JsonNode> output) {
      KeptAnswers.Answer answer =
          new KeptAnswers.Answer(
              response.path("id").asString(""),
              JSON.writeValueAsBytes(response),
              items(input),
              items(output));
      ResponseStore.this.put(owner, answer);
    }

    private static List<KeptAnswers.Item> items(List<JsonNode> items) {
      return items.stream()
          .map(item ->
              new KeptAnswers.Item(item.path("id").asString(""), JSON.writeValueAsBytes(item)))
          .toList();
    }

    @Override
    public Optional<byte[]> response(String id) {
      return Optional.ofNullable(find(owner, id)).map(KeptAnswers.Answer::response);
    }

    @Override
    public Optional<List<JsonNode>> input(String id) {
      return Optional.ofNullable(find(owner, id)).map(answer -> parsed(answer.input()));
    }

    @Override
    public Optional<List<JsonNode>> conversation(String id) {
      return Optional.ofNullable(find(owner, id)).map(answer -> parsed(answer.items()));
    }

    @Override
    public Optional<JsonNode> item(String id) {
      return Optional.ofNullable(findItem(owner, id)).map(JSON::readTree);
    }

    @Override
    public boolean remove(String id) {
      return ResponseStore.this.remove(owner, id);
    }

    private static List<JsonNode> parsed(List<KeptAnswers.Item> items) {
      return items.stream().map(item -> JSON.readTree(item.json())).toList();
    }
  }
}
