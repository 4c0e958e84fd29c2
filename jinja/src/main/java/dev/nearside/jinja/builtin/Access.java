package dev.nearside.jinja.builtin;

import dev.nearside.jinja.value.CodePoints;
import dev.nearside.jinja.value.Dict;
import dev.nearside.jinja.value.DictView;
import dev.nearside.jinja.value.Failure;
import dev.nearside.jinja.value.Int;
import dev.nearside.jinja.value.ListValue;
import dev.nearside.jinja.value.ObjectValue;
import dev.nearside.jinja.value.Range;
import dev.nearside.jinja.value.Str;
import dev.nearside.jinja.value.Text;
import dev.nearside.jinja.value.Tuple;
import dev.nearside.jinja.value.Undefined;
import dev.nearside.jinja.value.Value;
import dev.nearside.jinja.value.Values;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * {@code a.b} and {@code a[b]}: each tries its own way first and then the other. Reference: jinja2
 * 3.1.6, sandbox.py.
 */
public final class Access {
  private Access() {}

  /**
   * {@code target.name}: the attribute, else the item, else undefined.
   *
   * @throws Failure if the target is undefined itself
   */
  public static Value attribute(Rendering rendering, Value target, String name) {
    Value found = ownAttribute(rendering, target, name);
    if (found == null && target instanceof Dict dict) {
      found = dict.get(name);
    }
    return found == null ? Undefined.attribute(target, name) : found;
  }

  /**
   * {@code target[key]}: the item, else the attribute, else undefined.
   *
   * @throws Failure if the target is undefined itself
   */
  public static Value item(Rendering rendering, Value target, Value key) {
    if (target instanceof Undefined undefined) {
      throw undefined.failure();
    }
    BigInteger index = Values.integer(key);
    Value found = null;
    if (target instanceof Dict dict) {
      found = isUnhashable(key) ? null : dict.get(rendering.budget(), key);
    } else if (index != null) {
      found = at(rendering, target, index);
    }
    if (found == null && key instanceof Str name) {
      found = ownAttribute(rendering, target, name.text());
    }
    return found == null ? missing(rendering, target, key) : found;
  }

  private static boolean isUnhashable(Value key) {
    return key instanceof ListValue || key instanceof Dict || key instanceof DictView;
  }

  private static Undefined missing(Rendering rendering, Value target, Value key) {
    if (key instanceof Str name) {
      return Undefined.attribute(target, name.text());
    }
    return new Undefined(
        target.typeName() + " object has no element " + Text.repr(rendering.budget(), key));
  }

  /** An attribute that the target has by itself, without looking at its items; or null. */
  static @Nullable Value ownAttribute(Rendering rendering, Value target, String name) {
    return switch (target) {
      case Undefined undefined -> throw undefined.failure();
      case ObjectValue object -> object.attribute(name);
      case Tuple tuple when tuple.isGroup() && name.equals("grouper") -> tuple.items().get(0);
      case Tuple tuple when tuple.isGroup() && name.equals("list") -> tuple.items().get(1);
      case Range range when name.equals("start") -> Int.of(range.start());
      case Range range when name.equals("stop") -> Int.of(range.stop());
      case Range range when name.equals("step") -> Int.of(range.step());
      default -> Methods.find(rendering, target, name);
    };
  }

  /** The item at an index, counted from the end if negative; null if there is none. */
  private static @Nullable Value at(Rendering rendering, Value target, BigInteger index) {
    if (!isSequence(target)) {
      return null;
    }
    int size = Values.length(target);
    int at = Values.clamp(index.signum() < 0 ? index.add(BigInteger.valueOf(size)) : index);
    if (at < 0 || at >= size) {
      return null;
    }
    if (target instanceof Str text) {
      rendering.budget().scan(text.text().length());
    }
    return at(target, at);
  }

  private static boolean isSequence(Value value) {
    return value instanceof ListValue
        || value instanceof Tuple
        || value instanceof Str
        || value instanceof Range;
  }

  private static @Nullable Value at(Value target, int index) {
    return switch (target) {
      case ListValue list -> list.items().get(index);
      case Tuple tuple -> tuple.items().get(index);
      case Range range -> range.at(index);
      case Str text -> text.like(CodePoints.at(text.text(), index));
      default -> null;
    };
  }
}
