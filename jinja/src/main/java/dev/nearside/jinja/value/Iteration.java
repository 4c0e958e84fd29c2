package dev.nearside.jinja.value;

import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Python's iteration protocol. */
public final class Iteration {
  private Iteration() {}

  public static boolean isIterable(Value value) {
    return switch (value) {
      case Undefined undefined -> true;
      case Str text -> true;
      case ListValue list -> true;
      case Tuple tuple -> true;
      case Range range -> true;
      case Dict dict -> true;
      case DictView view -> true;
      case Lazy lazy -> true;
      case None none -> false;
      case Bool bool -> false;
      case Int number -> false;
      case Real number -> false;
      case ObjectValue object -> false;
    };
  }

  /**
   * Python's {@code iter(value)}. Each item costs a step.
   *
   * @throws Failure if the value cannot be iterated over
   */
  public static Iterator<Value> of(Budget budget, Value value) {
    return switch (value) {
      case Undefined undefined -> List.<Value>of().iterator();
      case Str text -> counted(budget, new Characters(text.text()));
      case ListValue list -> counted(budget, new LiveList(list.items()));
      case Tuple tuple -> counted(budget, tuple.items().iterator());
      case Range range -> counted(budget, indexed(range.size(), range::at));
      case Dict dict -> entries(budget, new DictView(DictView.Kind.KEYS, dict));
      case DictView view -> entries(budget, view);
      case Lazy lazy ->
          counted(budget, iterator(() -> lazy.source().hasNext(), () -> lazy.source().next()));
      case None none -> throw notIterable(value);
      case Bool bool -> throw notIterable(value);
      case Int number -> throw notIterable(value);
      case Real number -> throw notIterable(value);
      case ObjectValue object -> throw notIterable(value);
    };
  }

  private static Failure notIterable(Value value) {
    return new Failure("'" + value.typeName() + "' object is not iterable");
  }

  /** All items, in a new list. */
  public static List<Value> toList(Budget budget, Value value) {
    List<Value> items = new ArrayList<>();
    Iterator<Value> source = of(budget, value);
    while (source.hasNext()) {
      budget.charge(Budget.SLOT_COST);
      items.add(source.next());
    }
    return items;
  }

  /**
   * Python's {@code reversed(value)}.
   *
   * @return the iterator, or null if the value cannot be read backwards
   */
  public static @Nullable Lazy reversed(Budget budget, Value value) {
    return switch (value) {
      case Undefined undefined -> backwards("reversed", List.of());
      case ListValue list -> backwards("list_reverseiterator", list.items());
      case Tuple tuple -> backwards("reversed", tuple.items());
      case Str text -> backwards("reversed", toList(budget, text));
      case Range range ->
          Lazy.iterator(
              "range_iterator", indexed(range.size(), index -> range.at(range.size() - 1 - index)));
      case Dict dict -> backwards("dict_reversekeyiterator", toList(budget, dict));
      case DictView view -> backwards("dict_reverseiterator", toList(budget, view));
      default -> null;
    };
  }

  private static Lazy backwards(String typeName, List<Value> items) {
    int last = items.size() - 1;
    return Lazy.iterator(
        typeName,
        indexed(items.size(), index -> index <= last ? items.get(last - index) : None.NONE));
  }

  /** A generator of what a function makes of each item. */
  public static Lazy map(Budget budget, Value source, UnaryOperator<Value> function) {
    return Lazy.generator(() -> {
      Iterator<Value> items = of(budget, source);
      return iterator(items::hasNext, () -> function.apply(items.next()));
    });
  }

  /** A generator of the items that fulfil a condition. */
  public static Lazy select(Budget budget, Value source, Predicate<Value> condition) {
    return Lazy.generator(() -> new Selected(of(budget, source), condition));
  }

  /** An iterator from its two methods. */
  public static Iterator<Value> iterator(BooleanSupplier hasNext, Supplier<Value> next) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return hasNext.getAsBoolean();
      }

      @Override
      public Value next() {
        return next.get();
      }
    };
  }

  private static Iterator<Value> indexed(int size, IntFunction<Value> at) {
    return new Iterator<>() {
      private int index;

      @Override
      public boolean hasNext() {
        return index < size;
      }

      @Override
      public Value next() {
        return at.apply(index++);
      }
    };
  }

  /** Counts a step for each item, and a level while a lazy source computes it. */
  private static Iterator<Value> counted(Budget budget, Iterator<Value> source) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        budget.enter();
        try {
          return source.hasNext();
        } finally {
          budget.leave();
        }
      }

      @Override
      public Value next() {
        budget.step();
        budget.enter();
        try {
          return source.next();
        } finally {
          budget.leave();
        }
      }
    };
  }

  private static Iterator<Value> entries(Budget budget, DictView view) {
    Iterator<Dict.Entry> source = view.dict().entries().iterator();
    return counted(
        budget,
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            return source.hasNext();
          }

          @Override
          public Value next() {
            try {
              return view.of(source.next());
            } catch (ConcurrentModificationException e) {
              throw new Failure("dictionary changed size during iteration");
            }
          }
        });
  }

  private static final class Characters implements Iterator<Value> {
    private final String text;
    private int index;

    Characters(String text) {
      this.text = text;
    }

    @Override
    public boolean hasNext() {
      return index < text.length();
    }

    @Override
    public Value next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      int end = text.offsetByCodePoints(index, 1);
      String character = text.substring(index, end);
      index = end;
      return Str.of(character);
    }
  }

  /** Sees what is appended while it runs, as Python's list iterator does. */
  private static final class LiveList implements Iterator<Value> {
    private final List<Value> items;
    private int index;

    LiveList(List<Value> items) {
      this.items = items;
    }

    @Override
    public boolean hasNext() {
      return index < items.size();
    }

    @Override
    public Value next() {
      return items.get(index++);
    }
  }

  private static final class Selected implements Iterator<Value> {
    private final Iterator<Value> source;
    private final Predicate<Value> condition;
    private @Nullable Value ahead;

    Selected(Iterator<Value> source, Predicate<Value> condition) {
      this.source = source;
      this.condition = condition;
    }

    @Override
    public boolean hasNext() {
      while (ahead == null && source.hasNext()) {
        Value candidate = source.next();
        if (condition.test(candidate)) {
          ahead = candidate;
        }
      }
      return ahead != null;
    }

    @Override
    public Value next() {
      Value item = hasNext() ? ahead : null;
      if (item == null) {
        throw new NoSuchElementException();
      }
      ahead = null;
      return item;
    }
  }
}
