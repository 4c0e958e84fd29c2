package dev.nearside.tokenizer;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Files that are nearly right: some value missing, of another type, or in the wrong place. */
class TokenizerJsonMutationTest {
  private static final String TEXT = "<s>Hello  wörld's 1234\n狐狸😀 <mask>\uD800x";

  @ParameterizedTest
  @ValueSource(strings = {"bpe", "unigram", "wordpiece"})
  void ofTokenizerJson_randomMutations_workOrAreTypedErrors(String name) throws IOException {
    Random random = new Random(99);
    int worked = 0;
    int refused = 0;
    for (int i = 0; i < 1500; i++) {
      JsonNode json = seed(name);
      for (int change = random.nextInt(3); change >= 0; change--) {
        mutate(json, random);
      }
      byte[] bytes = JsonMapper.shared().writeValueAsBytes(json);
      try {
        Tokenizer tokenizer = Tokenizers.ofTokenizerJson(bytes, bytes);
        tokenizer.decode(tokenizer.encode(TEXT, EncodeOptions.PROMPT));
        worked++;
      } catch (TokenizerException e) {
        assertFalse(e.fault().what().isEmpty());
        refused++;
      }
    }
    assertTrue(worked > 100 && refused > 100, worked + " worked, " + refused + " refused");
  }

  private static JsonNode seed(String name) throws IOException {
    String folder = "TokenizerJsonFuzzTestInputs/ofTokenizerJson_anyBytes_worksOrIsATypedError/";
    try (InputStream in =
        TokenizerJsonMutationTest.class.getResourceAsStream(folder + name + ".json")) {
      return JsonMapper.shared().readTree(in);
    }
  }

  private static void mutate(JsonNode root, Random random) {
    List<JsonNode> containers = new ArrayList<>();
    List<JsonNode> all = new ArrayList<>();
    collect(root, containers, all);
    JsonNode container = containers.get(random.nextInt(containers.size()));
    JsonNode value =
        random.nextBoolean() ? odd(random) : all.get(random.nextInt(all.size())).deepCopy();
    if (container instanceof ObjectNode object && !object.isEmpty()) {
      List<String> names = new ArrayList<>(object.propertyNames());
      String field = names.get(random.nextInt(names.size()));
      if (random.nextInt(4) == 0) {
        object.remove(field);
      } else {
        object.set(field, value);
      }
    } else if (container instanceof ArrayNode array && !array.isEmpty()) {
      array.set(random.nextInt(array.size()), value);
    }
  }

  private static void collect(JsonNode node, List<JsonNode> containers, List<JsonNode> all) {
    all.add(node);
    if (node.isContainer()) {
      containers.add(node);
      node.forEach(child -> collect(child, containers, all));
    }
  }

  private static JsonNode odd(Random random) {
    JsonNodeFactory make = JsonNodeFactory.instance;
    return switch (random.nextInt(10)) {
      case 0 -> make.nullNode();
      case 1 -> make.numberNode(-1);
      case 2 -> make.numberNode(Integer.MAX_VALUE);
      case 3 -> make.numberNode(1e300);
      case 4 -> make.stringNode("");
      case 5 -> make.stringNode("\uD83D");
      case 6 -> make.booleanNode(random.nextBoolean());
      case 7 -> make.arrayNode();
      case 8 -> make.objectNode();
      default -> make.numberNode(random.nextInt(12));
    };
  }
}
