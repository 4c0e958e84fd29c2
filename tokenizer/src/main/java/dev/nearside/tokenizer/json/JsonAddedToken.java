package dev.nearside.tokenizer.json;

import dev.nearside.tokenizer.core.AddedToken;
import dev.nearside.tokenizer.text.Unicode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * An entry of {@code added_tokens}.
 *
 * @param normalized whether it is looked for in the normalised text
 */
record JsonAddedToken(AddedToken token, boolean normalized) {

  /** The entries of the file, and those that only {@code tokenizer_config.json} has. */
  static List<JsonAddedToken> read(JsonFile file, ConfigFile config) {
    List<JsonAddedToken> out = new ArrayList<>();
    Set<String> seen = new HashSet<>(file.vocabulary.keySet());
    Set<Integer> ids = new HashSet<>(file.vocabulary.values());
    for (Component each : new Component(file.root, "").children("added_tokens")) {
      JsonAddedToken token = of(each, id(each));
      if (!token.token.text().isEmpty()) {
        out.add(token);
        seen.add(token.token.text());
        ids.add(token.token.id());
      }
    }
    config
        .addedTokens()
        .forEach((id, each) -> {
          JsonAddedToken token = of(each, id);
          if (!token.token.text().isEmpty() && seen.add(token.token.text()) && ids.add(id)) {
            out.add(token);
          }
        });
    return out;
  }

  /** The same token, looked for under another text. */
  AddedToken token(String text) {
    return new AddedToken(
        token.id(),
        text,
        token.special(),
        token.stripLeft(),
        token.stripRight(),
        token.singleWord());
  }

  private static int id(Component c) {
    int id = c.number("id", -1);
    if (id < 0) {
      throw c.wrong("id", c.node().get("id"), "a token id");
    }
    return id;
  }

  private static JsonAddedToken of(Component c, int id) {
    boolean special = c.flag("special", false);
    return new JsonAddedToken(
        new AddedToken(
            id,
            Unicode.wellFormed(c.string("content", "")),
            special,
            c.flag("lstrip", false),
            c.flag("rstrip", false),
            c.flag("single_word", false)),
        c.flag("normalized", !special));
  }
}
