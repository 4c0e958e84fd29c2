package dev.nearside.jinja.run;

import dev.nearside.jinja.value.Budget;

/** Where text goes: the result, or the buffer of a macro or a block. */
final class Output {
  private final Budget budget;
  private final StringBuilder text = new StringBuilder();

  Output(Budget budget) {
    this.budget = budget;
  }

  void write(String piece) {
    budget.charge(piece.length());
    text.append(piece);
  }

  String text() {
    return text.toString();
  }
}
