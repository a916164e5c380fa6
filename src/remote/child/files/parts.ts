// Files that are not whole yet. A part lies beside its target, so that the last step is a rename; its name says which version of which file it is
// a part of, and which process writes it. One whose process is gone can be taken over.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { unlessMissing } from './file-errors.ts';
import type { Wanted } from './entries.ts';

/** Below this a part is not kept: to send the file again costs less than to look for it. */
export const WORTH_KEEPING_BYTES: number = 1024 * 1024;
/** Parts that nobody took over for so long are removed by the next transfer beside them. */
const OLD_MS = 7 * 24 * 3_600_000;

const PATTERN = /^\.resprout-([0-9a-f]{24})-(\d+)\.(\d+)\.part$/;

/** Parts that this process writes now. */
const active = new Set<string>();
let nextPart = 1;

/** What is the same for each try to bring one version of a file to one place. */
function idOf(target: string, { bytes, modifiedMs }: Pick<Wanted, 'bytes' | 'modifiedMs'>): string {
  return createHash('sha256')
    .update(`${path.basename(target)}\0${bytes}\0${modifiedMs}`)
    .digest('hex')
    .slice(0, 24);
}

/** A new name for a part, in use from now on until `release`. */
export function newPart(target: string, file: Pick<Wanted, 'bytes' | 'modifiedMs'>): string {
  const name = `.resprout-${idOf(target, file)}-${process.pid}.${nextPart++}.part`;
  const part = path.join(path.dirname(target), name);
  active.add(part);
  return part;
}

export function release(part: string): void {
  active.delete(part);
}

/** Whether a process runs. One that has ended and that nobody has asked for yet does not. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return !/^[ZX]/.test(text.slice(text.lastIndexOf(')') + 2));
  } catch {
    // No /proc here, or it has gone just now; then the part is free a little later.
    return true;
  }
}

/** How long a process that ends may take, and how often it is looked at. */
const ENDING_MS = 3000;
const LOOK_MS = 100;

/**
 * Whether nobody writes a part any more. Its writer may be ending at this very moment, with the process that went before this one: as long as
 * the part does not grow, it is waited for, {@link ENDING_MS} at most.
 */
async function isAbandoned(part: string, pid: number): Promise<boolean> {
  const bytes = async (): Promise<number | undefined> => (await unlessMissing('read', part, () => stat(part)))?.size;
  const before = await bytes();
  for (let waitedMs = 0; isRunning(pid); waitedMs += LOOK_MS) {
    if (waitedMs >= ENDING_MS) return false;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    if ((await bytes()) !== before) return false;
  }
  return true;
}

/** A part of some process, as its name says. */
interface Part {
  readonly part: string;
  readonly pid: number;
}

/** Parts of a folder by the version of the file that they belong to. */
export type Parts = ReadonlyMap<string, readonly Part[]>;

/** The parts in a folder that this process does not write; old ones of processes that are gone are removed. */
export async function partsIn(folder: string): Promise<Parts> {
  const found = new Map<string, Part[]>();
  for (const name of (await unlessMissing('list', folder, () => readdir(folder))) ?? []) {
    const [, id = '', pid] = PATTERN.exec(name) ?? [];
    const part = path.join(folder, name);
    if (pid === undefined || active.has(part)) continue;
    const facts = await unlessMissing('read', part, () => stat(part));
    if (facts === undefined) continue;
    if (Date.now() - facts.mtimeMs > OLD_MS && !isRunning(Number(pid))) await rm(part, { force: true });
    else found.set(id, [...(found.get(id) ?? []), { part, pid: Number(pid) }]);
  }
  return found;
}

/** The largest part of this version of a file that nobody writes any more; undefined when there is none. */
export async function abandonedPart(
  parts: Parts,
  target: string,
  file: Pick<Wanted, 'bytes' | 'modifiedMs'>,
): Promise<{ readonly part: string; readonly bytes: number } | undefined> {
  let largest: { readonly part: string; readonly bytes: number } | undefined;
  for (const { part, pid } of parts.get(idOf(target, file)) ?? []) {
    if (pid !== process.pid && !(await isAbandoned(part, pid))) continue;
    const facts = await unlessMissing('read', part, () => stat(part));
    if (facts !== undefined && facts.size >= (largest?.bytes ?? 0)) largest = { part, bytes: facts.size };
  }
  return largest;
}

/** Takes an abandoned part over. @returns its new name; undefined when somebody else was first */
export async function takeOver(part: string, target: string, file: Pick<Wanted, 'bytes' | 'modifiedMs'>): Promise<string | undefined> {
  const own = newPart(target, file);
  try {
    await rename(part, own);
    return own;
  } catch {
    release(own);
    return undefined;
  }
}
