// Far functions that say where they run.
import { getuid, env, pid, cwd } from 'node:process';

export function whoIsHere(): { readonly uid: number; readonly pid: number; readonly cwd: string } {
  return { uid: getuid?.() ?? -1, pid, cwd: cwd() };
}

/** Names only: values may be secrets. */
export function envNames(): readonly string[] {
  return Object.keys(env);
}
