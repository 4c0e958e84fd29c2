package dev.nearside.jinja.run;

import dev.nearside.jinja.builtin.Function;
import dev.nearside.jinja.value.Args;
import dev.nearside.jinja.value.Bool;
import dev.nearside.jinja.value.Budget;
import dev.nearside.jinja.value.Comparison;
import dev.nearside.jinja.value.Failure;
import dev.nearside.jinja.value.Int;
import dev.nearside.jinja.value.ObjectValue;
import dev.nearside.jinja.value.Tuple;
import dev.nearside.jinja.value.Undefined;
import dev.nearside.jinja.value.Value;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The variable {@code loop}. Reads ahead only when asked for what needs it, as jinja2 does. */
final class LoopValue implements ObjectValue {
  /** Renders the loop's body over other items: what calling {@code loop} does. */
  interface Recursion {
    Value render(Value items, int depth);
  }

  private final Budget budget;
  private final @Nullable Recursion recursion;
  private final int depth;
  private Iterator<Value> items;

  /** The number of items, -1 until it is known. */
  private int length;

  private int index = -1;
  private @Nullable Value ahead;
  private Value current = Undefined.MISSING;
  private Value previous = Undefined.MISSING;
  private @Nullable Value lastChecked;

  LoopValue(
      Budget budget, Iterator<Value> items, int length, int depth, @Nullable Recursion recursion) {
    this.budget = budget;
    this.items = items;
    this.length = length;
    this.depth = depth;
    this.recursion = recursion;
  }

  boolean hasNext() {
    return ahead != null || items.hasNext();
  }

  Value next() {
    Value item = ahead == null ? items.next() : ahead;
    ahead = null;
    index++;
    previous = current;
    current = item;
    return item;
  }

  private @Nullable Value peek() {
    if (ahead == null && items.hasNext()) {
      ahead = items.next();
    }
    return ahead;
  }

  @Override
  public int length() {
    if (length < 0) {
      List<Value> rest = new ArrayList<>();
      while (items.hasNext()) {
        budget.charge(Budget.SLOT_COST);
        rest.add(items.next());
      }
      items = rest.iterator();
      length = rest.size() + index + 1 + (ahead == null ? 0 : 1);
    }
    return length;
  }

  @Override
  public @Nullable Value attribute(String name) {
    return switch (name) {
      case "index" -> Int.of(index + 1L);
      case "index0" -> Int.of(index);
      case "revindex" -> Int.of(length() - index);
      case "revindex0" -> Int.of(length() - index - 1L);
      case "first" -> Bool.of(index == 0);
      case "last" -> Bool.of(peek() == null);
      case "length" -> Int.of(length());
      case "depth" -> Int.of(depth + 1L);
      case "depth0" -> Int.of(depth);
      case "previtem" -> index == 0 ? new Undefined("there is no previous item") : previous;
      case "nextitem" -> nextItem();
      case "cycle" -> new Function("cycle", this::cycle);
      case "changed" -> new Function("changed", this::changed);
      default -> null;
    };
  }

  private Value nextItem() {
    Value next = peek();
    return next == null ? new Undefined("there is no next item") : next;
  }

  private Value cycle(Args args) {
    List<Value> choices = args.positional();
    if (choices.isEmpty()) {
      throw new Failure("no items for cycling given");
    }
    return choices.get(index % choices.size());
  }

  private Value changed(Args args) {
    Value now = Tuple.of(args.positional());
    boolean isChanged = lastChecked == null || !Comparison.equal(budget, lastChecked, now);
    lastChecked = now;
    return Bool.of(isChanged);
  }

  @Override
  public boolean isCallable() {
    return true;
  }

  @Override
  public Value call(Args args) {
    if (recursion == null) {
      throw new Failure("The loop must have the 'recursive' marker to be called recursively.");
    }
    return recursion.render(args.bind("loop", 1, "iterable").need(0), depth + 1);
  }

  @Override
  public String repr(Budget unused) {
    return "<LoopContext " + (index + 1) + "/" + length() + ">";
  }

  @Override
  public String typeName() {
    return "LoopContext";
  }
}
