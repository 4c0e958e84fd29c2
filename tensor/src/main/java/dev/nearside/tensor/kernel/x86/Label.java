package dev.nearside.tensor.kernel.x86;

/** A place in the code or among its constants. Two labels of the same name are different places. */
public final class Label implements Operand {
  private final String name;

  public Label(String name) {
    this.name = name;
  }

  @Override
  public String toString() {
    return name;
  }
}
