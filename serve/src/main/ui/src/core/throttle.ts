/** A function that runs at most once in a span of time, and always after the last call. */
export interface Throttled {
  (): void;
  /** Runs now what is still waiting. */
  flush(): void;
}

/**
 * A timer and not an animation frame: a tab in the background gets no frames, and its reply has to
 * be kept all the same.
 */
export function throttle(millis: number, run: () => void): Throttled {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const fire = (): void => {
    timer = undefined;
    run();
  };
  const throttled = (): void => {
    timer ??= setTimeout(fire, millis);
  };
  throttled.flush = (): void => {
    if (timer !== undefined) {
      clearTimeout(timer);
      fire();
    }
  };
  return throttled;
}
