package dev.nearside.jinja.builtin;

import dev.nearside.jinja.value.Args;
import dev.nearside.jinja.value.Bound;
import dev.nearside.jinja.value.Dict;
import dev.nearside.jinja.value.DictView;
import dev.nearside.jinja.value.Failure;
import dev.nearside.jinja.value.Int;
import dev.nearside.jinja.value.Iteration;
import dev.nearside.jinja.value.Lazy;
import dev.nearside.jinja.value.ListValue;
import dev.nearside.jinja.value.Str;
import dev.nearside.jinja.value.Undefined;
import dev.nearside.jinja.value.Value;
import dev.nearside.jinja.value.Values;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/** Filters that pick from a value, or see it another way. */
final class LookupFilters {
  private LookupFilters() {}

  static Value attr(Rendering rendering, Value input, Args args) {
    String name = args.bind("attr", 1, "name").text(0);
    Value found = Access.ownAttribute(rendering, input, name);
    return found == null ? Undefined.attribute(input, name) : found;
  }

  static Value orDefault(Rendering rendering, Value input, Args args) {
    Bound bound = args.bind("default", 0, "default_value", "boolean");
    boolean isReplaced =
        input instanceof Undefined || (bound.flag(1, false) && !Values.truthy(input));
    return isReplaced ? bound.get(0, Str.EMPTY) : input;
  }

  static Value length(Rendering rendering, Value input, Args args) {
    args.none("length");
    int length = Values.length(input);
    if (length < 0) {
      throw new Failure("object of type '" + input.typeName() + "' has no len()");
    }
    return Int.of(length);
  }

  static Value first(Rendering rendering, Value input, Args args) {
    args.none("first");
    Iterator<Value> items = Iteration.of(rendering.budget(), input);
    return items.hasNext() ? items.next() : new Undefined("No first item, sequence was empty.");
  }

  static Value last(Rendering rendering, Value input, Args args) {
    args.none("last");
    Lazy reversed = Iteration.reversed(rendering.budget(), input);
    if (reversed == null) {
      throw new Failure("'" + input.typeName() + "' object is not reversible");
    }
    Iterator<Value> items = reversed.source();
    return items.hasNext() ? items.next() : new Undefined("No last item, sequence was empty.");
  }

  static Value items(Rendering rendering, Value input, Args args) {
    args.none("items");
    return Lazy.generator(() ->
        switch (input) {
          case Undefined undefined -> Collections.emptyIterator();
          case Dict dict ->
              Iteration.of(rendering.budget(), new DictView(DictView.Kind.ITEMS, dict));
          default -> throw new Failure("Can only get item pairs from a mapping.");
        });
  }

  static Value list(Rendering rendering, Value input, Args args) {
    args.none("list");
    return new ListValue(Iteration.toList(rendering.budget(), input));
  }

  static Value random(Rendering rendering, Value input, Args args) {
    args.none("random");
    List<Value> items = Iteration.toList(rendering.budget(), input);
    return items.isEmpty()
        ? new Undefined("No random item, sequence was empty.")
        : items.get(rendering.random().nextInt(items.size()));
  }

  static Value reverse(Rendering rendering, Value input, Args args) {
    args.none("reverse");
    if (input instanceof Str text) {
      rendering.budget().charge(text.text().length());
      return text.like(new StringBuilder(text.text()).reverse().toString());
    }
    Lazy reversed = Iteration.reversed(rendering.budget(), input);
    if (reversed != null) {
      return reversed;
    }
    List<Value> items = Iteration.toList(rendering.budget(), input);
    Collections.reverse(items);
    return new ListValue(items);
  }
}
