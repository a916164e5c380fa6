/** The seam for the next macrotask. All microtasks and ticks of one turn have run before the next one begins. */
export interface Turn {
  next(run: () => void): void;
}
