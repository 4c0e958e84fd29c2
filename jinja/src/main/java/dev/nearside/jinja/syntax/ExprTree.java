package dev.nearside.jinja.syntax;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Walks expressions without recursion: a chain of operators is a tree as deep as it is long. */
final class ExprTree {
  private ExprTree() {}

  /** Calls {@code visit} for {@code root} and everything below it, parents first. */
  static void forEach(@Nullable Expr root, Consumer<Expr> visit) {
    Deque<Expr> waiting = new ArrayDeque<>();
    add(waiting, root);
    while (!waiting.isEmpty()) {
      Expr expr = waiting.pop();
      visit.accept(expr);
      children(expr, waiting);
    }
  }

  private static void add(Deque<Expr> waiting, @Nullable Expr expr) {
    if (expr != null) {
      waiting.push(expr);
    }
  }

  private static void children(Expr expr, Deque<Expr> waiting) {
    switch (expr) {
      case Expr.Literal literal -> {}
      case Expr.Name name -> {}
      case Expr.TupleOf tuple -> tuple.items().forEach(waiting::push);
      case Expr.ListOf list -> list.items().forEach(waiting::push);
      case Expr.DictOf dict ->
          dict.pairs()
              .forEach(pair -> {
                waiting.push(pair.key());
                waiting.push(pair.value());
              });
      case Expr.Attribute attribute -> waiting.push(attribute.target());
      case Expr.Item item -> {
        waiting.push(item.target());
        waiting.push(item.key());
      }
      case Expr.Slice slice -> {
        waiting.push(slice.target());
        add(waiting, slice.start());
        add(waiting, slice.stop());
        add(waiting, slice.step());
      }
      case Expr.Call call -> {
        waiting.push(call.callee());
        arguments(call.arguments(), waiting);
      }
      case Expr.Filter filter -> {
        add(waiting, filter.target());
        arguments(filter.arguments(), waiting);
      }
      case Expr.Test test -> {
        waiting.push(test.target());
        arguments(test.arguments(), waiting);
      }
      case Expr.Not not -> waiting.push(not.operand());
      case Expr.Sign sign -> waiting.push(sign.operand());
      case Expr.Binary binary -> {
        waiting.push(binary.left());
        waiting.push(binary.right());
      }
      case Expr.Logic logic -> {
        waiting.push(logic.left());
        waiting.push(logic.right());
      }
      case Expr.Compare compare -> {
        waiting.push(compare.first());
        compare.rest().forEach(operand -> waiting.push(operand.operand()));
      }
      case Expr.Concat concat -> concat.parts().forEach(waiting::push);
      case Expr.Conditional conditional -> {
        waiting.push(conditional.condition());
        waiting.push(conditional.then());
        add(waiting, conditional.otherwise());
      }
    }
  }

  private static void arguments(Expr.Arguments arguments, Deque<Expr> waiting) {
    arguments.positional().forEach(waiting::push);
    arguments.named().forEach(keyword -> waiting.push(keyword.value()));
    add(waiting, arguments.star());
    add(waiting, arguments.doubleStar());
  }
}
