// Taken when this file loads, before anything is patched.
const nextTick = process.nextTick.bind(process);

/** Called inside a microtask: runs `run` when all microtasks of this turn have run, before the next macrotask. */
export function afterMicrotasks(run: () => void): void {
  nextTick(run);
}
