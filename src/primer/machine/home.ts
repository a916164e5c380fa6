// The home of the user: a process may have none, and a user may be in no list.
import os from 'node:os';
import path from 'node:path';

/** The home folder that the environment names, else that of the system's list; undefined when there is none. */
export function homeOf(env: NodeJS.ProcessEnv): string | undefined {
  const named = env['HOME'];
  if (named !== undefined && path.isAbsolute(named)) return named;
  try {
    const listed = os.homedir();
    return path.isAbsolute(listed) ? listed : undefined;
  } catch {
    // A user id without an entry, as in containers.
    return undefined;
  }
}
