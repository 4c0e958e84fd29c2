package dev.nearside.model;

/**
 * When a model computes: its computing thread asks before each stretch of work, which is one block
 * or the output head, and may be held up. Nothing of what is computed depends on it.
 */
public interface Pace {
  /** As fast as can be. */
  Pace FULL =
      new Pace() {
        @Override
        public void begin() {}

        @Override
        public void end() {}
      };

  /** Before a stretch of work; returns when it may begin. */
  void begin();

  /** After it, whatever became of it. */
  void end();
}
