// Many requests for the same work in a short time become few.

/**
 * A function that asks for `run`: it begins at once when nothing has run for `gapMs`, and otherwise
 * after that time, once for all who have asked meanwhile. It never runs twice at a time.
 */
export function coalesce(run: () => Promise<void>, gapMs: number): () => void {
  let asked = false;
  let resting = false;
  const begin = (): void => {
    asked = false;
    resting = true;
    run()
      .catch(() => undefined)
      .finally(() => {
        const timer = setTimeout(() => {
          resting = false;
          if (asked) begin();
        }, gapMs);
        timer.unref();
      });
  };
  return () => {
    if (resting) asked = true;
    else begin();
  };
}
