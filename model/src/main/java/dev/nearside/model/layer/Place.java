package dev.nearside.model.layer;

/**
 * Where a matrix stands in its model: adapters change matrices by name.
 *
 * @param id counts the model's matrices
 * @param tensor GGUF's name of the tensor that holds it
 * @param part which part of that tensor it is
 * @param rows output features
 * @param cols input features
 */
public record Place(int id, String tensor, Part part, int rows, int cols) {
  /** A part of a tensor. */
  public sealed interface Part {}

  /** All of it. */
  public record Whole() implements Part {}

  /** Some rows of a fused projection of {@code all} rows. */
  public record Rows(int first, int all) implements Part {}

  /** One of {@code all} experts. */
  public record Expert(int index, int all) implements Part {}
}
