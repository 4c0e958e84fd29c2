package dev.nearside.tokenizer.json;

import dev.nearside.base.Fault;
import dev.nearside.tokenizer.TokenizerException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The contents of a {@code tokenizer.json}. The two long lists, vocabulary and merges, are read as
 * a stream; a tree of them would take hundreds of megabytes.
 */
final class JsonFile {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /** Everything but the model: added_tokens, normalizer, pre_tokenizer, … */
  final ObjectNode root = JsonNodeFactory.instance.objectNode();

  /** The model without vocabulary and merges. */
  final ObjectNode model = JsonNodeFactory.instance.objectNode();

  /** Ids by token. */
  final Map<String, Integer> vocabulary = new HashMap<>();

  /** Scores by id; only Unigram has them. */
  final List<Double> scores = new ArrayList<>();

  /** Pairs: left, right, left, right, … */
  final List<String> merges = new ArrayList<>();

  /** Whether the model lists merges, be it none. */
  boolean hasMerges;

  private JsonFile() {}

  static JsonFile read(byte[] json) {
    JsonFile file = new JsonFile();
    try (JsonParser in = MAPPER.createParser(json)) {
      expect(in.nextToken(), JsonToken.START_OBJECT, "", in);
      while (in.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = in.currentName();
        if (in.nextToken() == JsonToken.START_OBJECT && name.equals("model")) {
          file.readModel(in);
        } else {
          file.root.set(name, in.<JsonNode>readValueAsTree());
        }
      }
    } catch (JacksonException e) {
      throw new TokenizerException(
          Fault.of("broken tokenizer.json").got(e.getOriginalMessage()), e);
    }
    return file;
  }

  /** A small file as a tree. */
  static JsonNode tree(byte[] json, String what) {
    try {
      return MAPPER.readTree(json);
    } catch (JacksonException e) {
      throw new TokenizerException(Fault.of("broken " + what).got(e.getOriginalMessage()), e);
    }
  }

  private void readModel(JsonParser in) {
    while (in.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = in.currentName();
      JsonToken value = in.nextToken();
      if (name.equals("vocab") && value == JsonToken.START_OBJECT) {
        readVocabulary(in);
      } else if (name.equals("vocab") && value == JsonToken.START_ARRAY) {
        readScoredVocabulary(in);
      } else if (name.equals("merges") && value == JsonToken.START_ARRAY) {
        hasMerges = true;
        readMerges(in);
      } else {
        model.set(name, in.<JsonNode>readValueAsTree());
      }
    }
  }

  private void readVocabulary(JsonParser in) {
    while (in.nextToken() == JsonToken.PROPERTY_NAME) {
      String token = in.currentName();
      expect(in.nextToken(), JsonToken.VALUE_NUMBER_INT, "model.vocab", in);
      vocabulary.put(token, in.getIntValue());
    }
  }

  private void readScoredVocabulary(JsonParser in) {
    while (in.nextToken() == JsonToken.START_ARRAY) {
      expect(in.nextToken(), JsonToken.VALUE_STRING, "model.vocab", in);
      // Of two equal pieces the later one is found, as in a map.
      vocabulary.put(in.getString(), scores.size());
      if (!in.nextToken().isNumeric()) {
        throw wrong("a number", "model.vocab", in);
      }
      scores.add(in.getDoubleValue());
      expect(in.nextToken(), JsonToken.END_ARRAY, "model.vocab", in);
    }
  }

  private void readMerges(JsonParser in) {
    JsonToken token;
    while ((token = in.nextToken()) != JsonToken.END_ARRAY) {
      if (token == JsonToken.VALUE_STRING) {
        String merge = in.getString();
        int space = merge.indexOf(' ');
        if (space < 0 || merge.indexOf(' ', space + 1) >= 0) {
          throw wrong("two texts with a space between", "model.merges", in);
        }
        merges.add(merge.substring(0, space));
        merges.add(merge.substring(space + 1));
      } else {
        expect(token, JsonToken.START_ARRAY, "model.merges", in);
        for (int i = 0; i < 2; i++) {
          expect(in.nextToken(), JsonToken.VALUE_STRING, "model.merges", in);
          merges.add(in.getString());
        }
        expect(in.nextToken(), JsonToken.END_ARRAY, "model.merges", in);
      }
    }
  }

  private static void expect(
      @Nullable JsonToken got, JsonToken wanted, String where, JsonParser in) {
    if (got != wanted) {
      throw wrong(wanted.name(), where, in);
    }
  }

  private static TokenizerException wrong(String wanted, String where, JsonParser in) {
    return new TokenizerException(
        Fault.of("broken tokenizer.json")
            .got(String.valueOf(in.currentToken()))
            .expected(wanted)
            .where(
                where
                    + " line "
                    + in.currentTokenLocation().getLineNr()
                    + " column "
                    + in.currentTokenLocation().getColumnNr()));
  }
}
