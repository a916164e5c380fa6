// The line of a state that may have nothing to do: it appears with the first thing that is said.
import type { Progress, Step } from './progress.ts';

export interface Line {
  now(text: string): void;
  /** Ends the line; nothing when it never appeared. */
  done(): void;
  failed(): void;
}

/** Makes one. */
export function lineOf(progress: Progress, name: string): Line {
  let step: Step | undefined;
  return {
    now(text) {
      step ??= progress.step(name);
      step.now(text);
    },
    done: () => step?.done('done'),
    failed: () => step?.failed(),
  };
}
