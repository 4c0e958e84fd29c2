package dev.nearside.jinja.builtin;

import dev.nearside.jinja.value.Failure;
import dev.nearside.jinja.value.Int;
import dev.nearside.jinja.value.ListValue;
import dev.nearside.jinja.value.None;
import dev.nearside.jinja.value.Parsing;
import dev.nearside.jinja.value.Str;
import dev.nearside.jinja.value.Undefined;
import dev.nearside.jinja.value.Value;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The {@code attribute} argument of filters: {@code "a.0.b"}, an index, or none. */
final class AttributePath {
  private AttributePath() {}

  /**
   * What reads the attribute of an item.
   *
   * @param attribute the path; null or None reads the item itself
   * @param fallback what stands for an undefined part, if not null
   */
  static UnaryOperator<Value> getter(
      Rendering rendering, @Nullable Value attribute, @Nullable Value fallback) {
    List<Value> parts = parts(attribute);
    return item -> {
      Value value = item;
      for (Value part : parts) {
        value = Access.item(rendering, value, part);
        if (fallback != null && value instanceof Undefined) {
          value = fallback;
        }
      }
      return value;
    };
  }

  /** As {@link #getter}; strings come out in lower case unless case matters. */
  static UnaryOperator<Value> key(
      Rendering rendering,
      @Nullable Value attribute,
      @Nullable Value fallback,
      boolean isCaseSensitive) {
    UnaryOperator<Value> getter = getter(rendering, attribute, fallback);
    return isCaseSensitive ? getter : item -> ignoreCase(rendering, getter.apply(item));
  }

  /** A getter of several attributes, {@code "a,b"}, as a list to sort by. */
  static UnaryOperator<Value> keys(
      Rendering rendering, @Nullable Value attribute, boolean isCaseSensitive) {
    List<UnaryOperator<Value>> getters = new ArrayList<>();
    if (attribute instanceof Str path) {
      for (String part : path.text().split(",", -1)) {
        getters.add(key(rendering, Str.of(part), null, isCaseSensitive));
      }
    } else {
      getters.add(key(rendering, attribute, null, isCaseSensitive));
    }
    return item -> {
      ListValue values = new ListValue();
      rendering.budget().chargeSlots(getters.size());
      getters.forEach(getter -> values.items().add(getter.apply(item)));
      return values;
    };
  }

  static Value ignoreCase(Rendering rendering, Value value) {
    if (value instanceof Str text) {
      rendering.budget().charge(text.text().length());
      return Str.of(text.text().toLowerCase(Locale.ROOT));
    }
    return value;
  }

  private static List<Value> parts(@Nullable Value attribute) {
    if (attribute == null || attribute == None.NONE) {
      return List.of();
    }
    if (!(attribute instanceof Str path)) {
      return List.of(attribute);
    }
    List<Value> parts = new ArrayList<>();
    for (String part : path.text().split("\\.", -1)) {
      boolean isIndex = !part.isEmpty() && part.chars().allMatch(c -> c >= '0' && c <= '9');
      BigInteger index = isIndex ? Parsing.integer(part, 10) : null;
      if (isIndex && index == null) {
        throw new Failure("the attribute's index is too long");
      }
      parts.add(index == null ? Str.of(part) : new Int(index));
    }
    return parts;
  }
}
