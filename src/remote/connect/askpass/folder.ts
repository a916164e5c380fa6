import { lstatSync, readdirSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errnoOf } from '../../../platform/errno.ts';

/** What the folders of ask servers are called; six random characters follow. */
export const ASK_PREFIX = 'resprout-ask-';
/** A folder without a socket may be of a connect that begins just now. */
const FRESH_MS = 60_000;
const SWEEP_LIMIT = 200;

/** Where they are made: `$XDG_RUNTIME_DIR` when it is ours, else the folder for temporary files. A socket's path has room for about 100 bytes. */
export function askFolder(env: Readonly<Record<string, string | undefined>>): string {
  const runtime = env['XDG_RUNTIME_DIR'];
  if (runtime !== undefined && runtime !== '' && isOurs(runtime)) return runtime;
  const temporary = tmpdir();
  return temporary.length > 70 ? '/tmp' : temporary;
}

function isOurs(folder: string): boolean {
  try {
    const facts = statSync(folder);
    return facts.isDirectory() && facts.uid === process.getuid?.() && folder.length <= 70;
  } catch {
    // Not there, or not to be looked at: the next choice is taken.
    return false;
  }
}

/** Whether nobody listens there any more. */
function isDead(folder: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(join(folder, 's'));
    const settle = (dead: boolean): void => {
      socket.destroy();
      resolve(dead);
    };
    socket.setTimeout(1000, () => settle(false));
    socket.once('connect', () => settle(false));
    socket.once('error', (error) => settle(errnoOf(error) === 'ECONNREFUSED' || errnoOf(error) === 'ENOENT'));
  });
}

function isOldFolderOfOurs(path: string, nowMs: number): boolean {
  try {
    const facts = lstatSync(path);
    return facts.isDirectory() && facts.uid === process.getuid?.() && nowMs - facts.mtimeMs > FRESH_MS;
  } catch {
    // Another process swept it.
    return false;
  }
}

/** Removes the folders that killed processes left behind, at most 200 at a time. Never throws: what cannot be removed stays. */
export async function sweepAskFolders(parent: string, nowMs: number): Promise<void> {
  let names: readonly string[];
  try {
    names = readdirSync(parent).filter((name) => name.startsWith(ASK_PREFIX));
  } catch {
    return;
  }
  for (const name of names.slice(0, SWEEP_LIMIT)) {
    const path = join(parent, name);
    if (!isOldFolderOfOurs(path, nowMs) || !(await isDead(path))) continue;
    try {
      rmSync(path, { recursive: true, force: true });
    } catch {
      // Not ours to remove after all: harmless.
    }
  }
}
