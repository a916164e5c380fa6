// Processes that a program or a kill has left: each runner and each plain program leads a group of its own.

/** Kills a group; one that is gone is as it should be. */
export function killGroup(leader: number | undefined): void {
  if (leader === undefined || leader <= 1) return;
  try {
    process.kill(-leader, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
