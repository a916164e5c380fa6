/** What is said when something is watched again. */
export const missedNote = (path: unknown): string =>
  `${String(path)} is watched again: what changed there between the two processes is not seen`;
