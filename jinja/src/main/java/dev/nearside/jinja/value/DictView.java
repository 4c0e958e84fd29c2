package dev.nearside.jinja.value;

/** What {@code dict.keys()}, {@code .values()} and {@code .items()} return: a live view. */
public record DictView(Kind kind, Dict dict) implements Value {
  /** Which side of the entries is seen. */
  public enum Kind {
    KEYS,
    VALUES,
    ITEMS
  }

  /** What this view shows of an entry. */
  public Value of(Dict.Entry entry) {
    return switch (kind) {
      case KEYS -> entry.key();
      case VALUES -> entry.value();
      case ITEMS -> Tuple.of(entry.key(), entry.value());
    };
  }

  @Override
  public String typeName() {
    return switch (kind) {
      case KEYS -> "dict_keys";
      case VALUES -> "dict_values";
      case ITEMS -> "dict_items";
    };
  }
}
