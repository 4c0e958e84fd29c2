package dev.nearside.jinja.value;

import java.util.Collection;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/** Python's {@code dict}: mutable, in order of insertion; 1, 1.0 and True are the same key. */
public final class Dict implements Value {
  /** What an entry costs of the budget's characters. */
  private static final int ENTRY_COST = 128;

  /** A key as first written, and its value. */
  public record Entry(Value key, Value value) {}

  private final LinkedHashMap<Object, Entry> entries = new LinkedHashMap<>();

  public @Nullable Value get(Budget budget, Value key) {
    Entry entry = entries.get(Keys.of(budget, key));
    return entry == null ? null : entry.value();
  }

  /** The value under the string {@code key}. */
  public @Nullable Value get(String key) {
    Entry entry = entries.get(key);
    return entry == null ? null : entry.value();
  }

  public void put(Budget budget, Value key, Value value) {
    Object canonical = Keys.of(budget, key);
    Entry old = entries.get(canonical);
    if (old == null) {
      budget.charge(ENTRY_COST);
    }
    entries.put(canonical, new Entry(old == null ? key : old.key(), value));
  }

  public @Nullable Value remove(Budget budget, Value key) {
    Entry entry = entries.remove(Keys.of(budget, key));
    return entry == null ? null : entry.value();
  }

  public void clear() {
    entries.clear();
  }

  public int size() {
    return entries.size();
  }

  /** The live entries in order of insertion. */
  public Collection<Entry> entries() {
    return entries.values();
  }

  /** The entry put in last; the dict is not empty. */
  public Entry last() {
    return entries.lastEntry().getValue();
  }

  public Dict copy(Budget budget) {
    Dict copy = new Dict();
    budget.charge((long) ENTRY_COST * entries.size());
    copy.entries.putAll(entries);
    return copy;
  }

  @Override
  public String typeName() {
    return "dict";
  }
}
