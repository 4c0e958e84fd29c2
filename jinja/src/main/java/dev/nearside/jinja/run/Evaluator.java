package dev.nearside.jinja.run;

import dev.nearside.jinja.RaisedException;
import dev.nearside.jinja.TemplateException;
import dev.nearside.jinja.builtin.Access;
import dev.nearside.jinja.builtin.Rendering;
import dev.nearside.jinja.builtin.Slicing;
import dev.nearside.jinja.syntax.Expr;
import dev.nearside.jinja.syntax.Pos;
import dev.nearside.jinja.value.Args;
import dev.nearside.jinja.value.Arithmetic;
import dev.nearside.jinja.value.Bool;
import dev.nearside.jinja.value.Budget;
import dev.nearside.jinja.value.Comparison;
import dev.nearside.jinja.value.Dict;
import dev.nearside.jinja.value.Failure;
import dev.nearside.jinja.value.Iteration;
import dev.nearside.jinja.value.ListValue;
import dev.nearside.jinja.value.Str;
import dev.nearside.jinja.value.Text;
import dev.nearside.jinja.value.Tuple;
import dev.nearside.jinja.value.Undefined;
import dev.nearside.jinja.value.Value;
import dev.nearside.jinja.value.Values;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Computes expressions. A failure becomes an error at the innermost expression that it met. */
final class Evaluator {
  private final Rendering rendering;
  private final Budget budget;

  Evaluator(Rendering rendering) {
    this.rendering = rendering;
    this.budget = rendering.budget();
  }

  /** A failure as an error with its place. */
  static TemplateException error(Failure failure, Pos pos) {
    return failure.isRaised()
        ? new RaisedException(failure.what(), pos.line(), pos.column())
        : pos.error(failure.what());
  }

  Value eval(Expr expr, Frame frame) {
    try {
      budget.step();
      budget.enter();
    } catch (Failure failure) {
      throw error(failure, expr.pos());
    }
    try {
      return compute(expr, frame);
    } catch (Failure failure) {
      throw error(failure, expr.pos());
    } finally {
      budget.leave();
    }
  }

  private @Nullable Value evalOptional(@Nullable Expr expr, Frame frame) {
    return expr == null ? null : eval(expr, frame);
  }

  boolean holds(Expr condition, Frame frame) {
    return Values.truthy(eval(condition, frame));
  }

  private Value compute(Expr expr, Frame frame) {
    return switch (expr) {
      case Expr.Literal literal -> literal.value();
      case Expr.Name name -> frame.get(name.name());
      case Expr.TupleOf tuple -> Tuple.of(evalAll(tuple.items(), frame));
      case Expr.ListOf list -> new ListValue(evalAll(list.items(), frame));
      case Expr.DictOf dict -> dict(dict, frame);
      case Expr.Attribute get -> Access.attribute(rendering, eval(get.target(), frame), get.name());
      case Expr.Item get ->
          Access.item(rendering, eval(get.target(), frame), eval(get.key(), frame));
      case Expr.Slice slice -> slice(slice, frame);
      case Expr.Call call -> call(call, frame, null);
      case Expr.Filter filter -> filter(filter, frame, Undefined.MISSING);
      case Expr.Test test ->
          Bool.of(
              rendering.test(
                  test.name(), eval(test.target(), frame), arguments(test.arguments(), frame)));
      case Expr.Not not -> Bool.of(!holds(not.operand(), frame));
      case Expr.Sign sign -> Arithmetic.sign(eval(sign.operand(), frame), sign.isMinus());
      case Expr.Binary binary -> binary(binary, frame);
      case Expr.Logic logic -> {
        Value left = eval(logic.left(), frame);
        yield Values.truthy(left) == logic.isAnd() ? eval(logic.right(), frame) : left;
      }
      case Expr.Compare compare -> Bool.of(compare(compare, frame));
      case Expr.Concat concat -> concat(concat, frame);
      case Expr.Conditional choice -> conditional(choice, frame);
    };
  }

  private List<Value> evalAll(List<Expr> items, Frame frame) {
    budget.chargeSlots(items.size());
    List<Value> values = new ArrayList<>(items.size());
    for (Expr item : items) {
      values.add(eval(item, frame));
    }
    return values;
  }

  private Dict dict(Expr.DictOf source, Frame frame) {
    Dict dict = new Dict();
    for (Expr.Pair pair : source.pairs()) {
      Value key = eval(pair.key(), frame);
      dict.put(budget, key, eval(pair.value(), frame));
    }
    return dict;
  }

  private Value slice(Expr.Slice slice, Frame frame) {
    Value target = eval(slice.target(), frame);
    Value start = evalOptional(slice.start(), frame);
    Value stop = evalOptional(slice.stop(), frame);
    return Slicing.slice(budget, target, start, stop, evalOptional(slice.step(), frame));
  }

  /** A call; {@code caller} is the body of a call block, if it is one. */
  Value call(Expr.Call call, Frame frame, @Nullable Value caller) {
    Value callee = eval(call.callee(), frame);
    Args args = arguments(call.arguments(), frame);
    return rendering.call(callee, caller == null ? args : args.with("caller", caller));
  }

  /** A filter; {@code captured} is what a target-less one works on. */
  Value filter(Expr.Filter filter, Frame frame, Value captured) {
    Value input =
        switch (filter.target()) {
          case null -> captured;
          case Expr.Filter inner when !Undefined.MISSING.equals(captured) ->
              captured(inner, frame, captured);
          case Expr target -> eval(target, frame);
        };
    return rendering.filter(filter.name(), input, arguments(filter.arguments(), frame));
  }

  /** The filter of a block, applied to what the block wrote. */
  Value captured(Expr.Filter filter, Frame frame, Value captured) {
    try {
      budget.enter();
    } catch (Failure failure) {
      throw error(failure, filter.pos());
    }
    try {
      return filter(filter, frame, captured);
    } catch (Failure failure) {
      throw error(failure, filter.pos());
    } finally {
      budget.leave();
    }
  }

  private Args arguments(Expr.Arguments arguments, Frame frame) {
    if (arguments.isEmpty()) {
      return Args.NONE;
    }
    List<Value> positional = evalAll(arguments.positional(), frame);
    Map<String, Value> named = new LinkedHashMap<>();
    for (Expr.Keyword keyword : arguments.named()) {
      named.put(keyword.name(), eval(keyword.value(), frame));
    }
    if (arguments.star() != null) {
      positional.addAll(Iteration.toList(budget, eval(arguments.star(), frame)));
    }
    if (arguments.doubleStar() != null) {
      addNamed(eval(arguments.doubleStar(), frame), named);
    }
    return new Args(positional, named);
  }

  private void addNamed(Value source, Map<String, Value> named) {
    if (!(source instanceof Dict dict)) {
      throw new Failure("argument after ** must be a mapping, not " + source.typeName());
    }
    for (Dict.Entry entry : dict.entries()) {
      if (!(entry.key() instanceof Str name)) {
        throw new Failure("keywords must be strings");
      }
      budget.chargeSlots(4);
      if (named.put(name.text(), entry.value()) != null) {
        throw new Failure("got multiple values for keyword argument '" + name.text() + "'");
      }
    }
  }

  private Value binary(Expr.Binary binary, Frame frame) {
    Value left = eval(binary.left(), frame);
    return Arithmetic.apply(budget, binary.operator(), left, eval(binary.right(), frame));
  }

  private boolean compare(Expr.Compare compare, Frame frame) {
    Value left = eval(compare.first(), frame);
    for (Expr.Operand next : compare.rest()) {
      Value right = eval(next.operand(), frame);
      if (!holds(next.comparator(), left, right)) {
        return false;
      }
      left = right;
    }
    return true;
  }

  private boolean holds(Expr.Comparator comparator, Value left, Value right) {
    return switch (comparator) {
      case EQUAL -> Comparison.equal(budget, left, right);
      case NOT_EQUAL -> !Comparison.equal(budget, left, right);
      case LESS -> Comparison.ordered(budget, left, right, Comparison.Order.LESS);
      case LESS_EQUAL -> Comparison.ordered(budget, left, right, Comparison.Order.LESS_EQUAL);
      case GREATER -> Comparison.ordered(budget, left, right, Comparison.Order.GREATER);
      case GREATER_EQUAL -> Comparison.ordered(budget, left, right, Comparison.Order.GREATER_EQUAL);
      case IN -> Comparison.contains(budget, right, left);
      case NOT_IN -> !Comparison.contains(budget, right, left);
    };
  }

  private Str concat(Expr.Concat concat, Frame frame) {
    StringBuilder out = new StringBuilder();
    List<Value> parts = evalAll(concat.parts(), frame);
    for (Value part : parts) {
      String text = Text.str(budget, part);
      budget.charge(text.length());
      out.append(text);
    }
    return Str.of(out.toString());
  }

  private Value conditional(Expr.Conditional choice, Frame frame) {
    if (holds(choice.condition(), frame)) {
      return eval(choice.then(), frame);
    }
    return choice.otherwise() == null
        ? new Undefined(
            "the inline if-expression on line "
                + choice.pos().line()
                + " evaluated to false and no else section was defined.")
        : eval(choice.otherwise(), frame);
  }
}
