package dev.nearside.jinja;

/**
 * How a template is read, and what its rendering may use.
 *
 * @param trimBlocks whether the line end after a tag is dropped
 * @param lstripBlocks whether spaces before a tag that starts its line are dropped
 * @param keepTrailingNewline whether the line end at the end of the template is kept
 * @param isMutable whether templates may call methods that change lists and dicts, as {@code
 *     append}; they change copies, never the caller's data
 * @param limits what a rendering may use
 */
public record TemplateOptions(
    boolean trimBlocks,
    boolean lstripBlocks,
    boolean keepTrailingNewline,
    boolean isMutable,
    Limits limits) {

  /**
   * What one rendering may use before it is stopped with a {@link TemplateException}.
   *
   * @param maxSteps evaluated expressions and statements and visited items, together
   * @param maxChars characters made in all, those of strings thrown away included; a slot of a list
   *     counts as 32
   * @param maxDepth how deep expressions, statements and calls may nest while they run
   */
  public record Limits(long maxSteps, long maxChars, int maxDepth) {
    /** The known templates need some 1000 steps and 20,000 characters per message, and depth 43. */
    public static final Limits DEFAULT = new Limits(10_000_000, 1L << 26, 500);

    public Limits {
      if (maxSteps < 1 || maxChars < 1 || maxDepth < 1) {
        throw new IllegalArgumentException("limits must be positive");
      }
    }
  }

  /** As Hugging Face transformers reads chat templates, except that lists may be changed. */
  public static TemplateOptions huggingFace() {
    return new TemplateOptions(true, true, false, true, Limits.DEFAULT);
  }

  /** As jinja2 reads templates when nothing is configured. */
  public static TemplateOptions plain() {
    return new TemplateOptions(false, false, false, true, Limits.DEFAULT);
  }

  public TemplateOptions withLimits(Limits other) {
    return new TemplateOptions(trimBlocks, lstripBlocks, keepTrailingNewline, isMutable, other);
  }

  /** These options with lists and dicts that templates cannot change. */
  public TemplateOptions immutable() {
    return new TemplateOptions(trimBlocks, lstripBlocks, keepTrailingNewline, false, limits);
  }
}
