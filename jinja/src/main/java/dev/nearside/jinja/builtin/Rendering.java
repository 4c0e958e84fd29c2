package dev.nearside.jinja.builtin;

import dev.nearside.jinja.value.Args;
import dev.nearside.jinja.value.Budget;
import dev.nearside.jinja.value.Failure;
import dev.nearside.jinja.value.ObjectValue;
import dev.nearside.jinja.value.Str;
import dev.nearside.jinja.value.Text;
import dev.nearside.jinja.value.Undefined;
import dev.nearside.jinja.value.Value;
import java.time.Clock;
import java.util.SplittableRandom;

/**
 * What one rendering gives to the built-in functions.
 *
 * @param isMutable whether templates may change lists and dicts
 */
public record Rendering(Budget budget, Clock clock, SplittableRandom random, boolean isMutable) {
  public Value call(Value callee, Args args) {
    return switch (callee) {
      case ObjectValue object -> {
        budget.enter();
        try {
          yield object.call(args);
        } finally {
          budget.leave();
        }
      }
      case Undefined undefined -> throw undefined.failure();
      default -> throw new Failure("'" + callee.typeName() + "' object is not callable");
    };
  }

  /**
   * Applies a filter.
   *
   * @throws Failure if there is none of that name
   */
  public Value filter(String name, Value input, Args args) {
    Filter filter = Filters.ALL.get(name);
    if (filter == null) {
      throw new Failure("No filter named '" + name + "' found.");
    }
    budget.enter();
    try {
      read(input);
      return filter.apply(this, input, args);
    } finally {
      budget.leave();
    }
  }

  /**
   * Asks a test.
   *
   * @throws Failure if there is none of that name
   */
  public boolean test(String name, Value input, Args args) {
    Test test = Tests.ALL.get(name);
    if (test == null) {
      throw new Failure("No test named '" + name + "' found.");
    }
    read(input);
    return test.holds(this, input, args);
  }

  /** Counts that a built-in looks through a string, whatever it then does. */
  void read(Value input) {
    if (input instanceof Str text) {
      budget.scan(text.text().length());
    }
  }

  String str(Value value) {
    return Text.str(budget, value);
  }
}
