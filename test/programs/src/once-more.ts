/** Whether an error says that something went with a process that was killed: a child that was heard, an answer that was coming. */
function isLost(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) if (Reflect.get(at, 'code') === 'LIVE_OBJECT_LOST') return true;
  return false;
}

/** Does something once more when it was lost, which is what a program does that wants to survive a crash in the midst of it. */
export async function onceMore<T>(run: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await run();
    } catch (error) {
      if (!isLost(error)) throw error;
    }
  }
}
