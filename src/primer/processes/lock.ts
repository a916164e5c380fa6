// One process at a time prepares a folder.
// 1. A lock is a family of files `NAME.lock.N`. The highest N decides: it is free when it says so or when its owner is dead.
// 2. Taking it is creating N+1 with link(2), which fails when it exists. The highest file is never removed, only lower ones are:
//    so a process that looked long ago creates either the new highest or a lower one, and then sees that it lost.
// 3. Who has it removes what others were killed over while they wrote: a claim whose text is taken away so tries again.
// 4. An owner on another machine (or with another process numbering) counts as dead after a minute without a beat. Where its time lies in
//    the future, clocks disagree, and that minute is watched by our own.
// 5. Where a file system has no links, the file itself is created and then written. As long as it is empty, nobody takes it for free.
import fs from 'node:fs';
import path from 'node:path';
import { lstat, namesIn, readText, removeTree, writeAtomic } from '../files.ts';
import type { Interruptions } from './interruptions.ts';
import { PrimeError, systemCode } from '../problem.ts';
import { hostIdentity, isAlive, selfIdentity, type ProcessIdentity } from './process-identity.ts';

const POLL_MS = 150;
const BEAT_MS = 5000;
const SILENT_MS = 60_000;
const TOOL_END_MS = 15_000;
/** How long an empty file may be one that is just being written. */
const WRITTEN_MS = 2000;

/** A lock that is held. */
export interface Lock {
  /** Notes a process that watches over a running tool, so that the next owner can wait for its end. Called when it has ended, the result takes it back. */
  noteTool(tool: ProcessIdentity): () => void;
  release(): void;
}

export interface LockRequest {
  readonly folder: string;
  readonly name: string;
  /** What it guards, for messages. */
  readonly what: string;
  readonly waitMs: number;
  readonly interruptions: Interruptions;
  /** Called once when it has to wait. */
  onWait(owner: string): void;
}

interface Owner extends ProcessIdentity {
  readonly host: string;
  readonly released: boolean;
  readonly tools: readonly ProcessIdentity[];
}

function parseIdentity(value: unknown): ProcessIdentity | undefined {
  if (typeof value !== 'object' || value === null || !('pid' in value) || !('started' in value)) return undefined;
  const { pid, started } = value;
  return typeof pid === 'number' && Number.isInteger(pid) && pid > 0 && typeof started === 'string' ? { pid, started } : undefined;
}

/** What a lock file says. Anything that is not one counts as released: nobody can own it. */
function parseOwner(text: string | undefined): Owner | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    const identity = parseIdentity(value);
    if (identity === undefined || typeof value !== 'object' || value === null) return undefined;
    const host = 'host' in value && typeof value.host === 'string' ? value.host : '';
    const released = !('released' in value) || value.released !== false;
    const tools = 'tools' in value && Array.isArray(value.tools) ? value.tools.map(parseIdentity) : [];
    return { ...identity, host, released, tools: tools.filter((tool): tool is ProcessIdentity => tool !== undefined) };
  } catch {
    return undefined;
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const monotonicMs = (): number => Number(process.hrtime.bigint() / BigInt(1e6));

function generations(request: LockRequest): number[] {
  const prefix = `${request.name}.lock.`;
  return namesIn(request.folder)
    .filter((name) => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length)))
    .map((name) => Number(name.slice(prefix.length)))
    .sort((a, b) => a - b);
}

/** Texts of claims and notes that were never put in place. */
function unfinished(request: LockRequest): string[] {
  const prefix = `${request.name}.lock.`;
  return namesIn(request.folder).filter((name) => name.startsWith(prefix) && name.endsWith('.tmp'));
}

/** Tells how long a lock file has not changed, by our own clock: its times may be those of another one. */
class Watch {
  #file = '';
  #changedMs = NaN;
  #sinceMs = 0;

  unchangedMs(file: string, changedMs: number): number {
    if (file !== this.#file || changedMs !== this.#changedMs) this.#sinceMs = monotonicMs();
    this.#file = file;
    this.#changedMs = changedMs;
    return monotonicMs() - this.#sinceMs;
  }
}

function holds(text: string | undefined, file: string, host: string, watch: Watch): boolean {
  const owner = parseOwner(text);
  const facts = owner?.host === host ? undefined : lstat(file);
  if (text === '' && facts !== undefined) return watch.unchangedMs(file, facts.mtimeMs) < WRITTEN_MS;
  if (owner === undefined || owner.released) return false;
  if (owner.host === host) return isAlive(owner);
  if (facts === undefined) return false;
  const ageMs = Date.now() - facts.mtimeMs;
  return ageMs < 0 ? watch.unchangedMs(file, facts.mtimeMs) < SILENT_MS : ageMs < SILENT_MS;
}

/** What file systems without links answer. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV', 'EACCES', 'EINVAL'];

/** Creates a file where nothing can be linked; false when it is there. */
function create(file: string, text: string): boolean {
  try {
    fs.writeFileSync(file, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Creates a generation; false when somebody else did, or has just taken the lock. */
function claim(file: string, text: string): boolean {
  const temporary = `${file}.${process.pid}.tmp`;
  fs.writeFileSync(temporary, text);
  try {
    fs.linkSync(temporary, file);
    return true;
  } catch (error) {
    const code = systemCode(error) ?? '';
    if (code === 'EEXIST' || (code === 'ENOENT' && lstat(temporary) === undefined)) return false;
    if (NO_LINKS.includes(code)) return create(file, text);
    throw error;
  } finally {
    removeTree(temporary);
  }
}

/** A tool of an owner that died is ended by its guard within milliseconds; this waits for it. */
async function toolGone(tool: ProcessIdentity): Promise<void> {
  for (let waitedMs = 0; isAlive(tool); waitedMs += POLL_MS) {
    if (waitedMs > TOOL_END_MS) process.kill(tool.pid, 'SIGKILL');
    await pause(POLL_MS);
  }
}

/** Waits until the lock is free and takes it. @throws PrimeError PRIME_LOCK_TIMEOUT */
export async function takeLock(request: LockRequest): Promise<Lock> {
  const host = hostIdentity();
  const self = selfIdentity();
  const began = monotonicMs();
  const fileOf = (n: number): string => path.join(request.folder, `${request.name}.lock.${n}`);
  const text = (released: boolean, tools: readonly ProcessIdentity[] = []): string =>
    `${JSON.stringify({ ...self, host, released, tools })}\n`;
  const watch = new Watch();
  let told = false;
  for (;;) {
    const highest = generations(request).pop() ?? 0;
    const said = highest === 0 ? undefined : readText(fileOf(highest));
    const owner = parseOwner(said);
    if (holds(said, fileOf(highest), host, watch)) {
      const isHere = owner?.host === host;
      const name = `process ${owner?.pid ?? '?'}${isHere ? '' : ` on ${owner?.host.split(' ')[0] ?? '?'}`}`;
      // Whether it lives cannot be asked from here: a machine or a container that was stopped in the midst of it keeps others waiting.
      if (!told) request.onWait(isHere ? name : `${name} (taken for dead after ${SILENT_MS / 1000} s without a sign of it)`);
      told = true;
      if (monotonicMs() - began > request.waitMs)
        throw new PrimeError('PRIME_LOCK_TIMEOUT', `${name} holds ${request.what} and does not finish`, {
          tried: `waiting for ${Math.round(request.waitMs / 1000)} s`,
          saw: `${fileOf(highest)} names it`,
          kept: 'Nothing was changed by this run',
          do: `End that process if it hangs (kill ${owner?.pid ?? ''}), then run the command again`,
        });
      await pause(POLL_MS);
      continue;
    }
    const mine = highest + 1;
    if (!claim(fileOf(mine), text(false))) continue;
    const now = generations(request);
    if (now[now.length - 1] !== mine) {
      removeTree(fileOf(mine));
      continue;
    }
    for (const n of now) if (n < mine) removeTree(fileOf(n));
    for (const name of unfinished(request)) removeTree(path.join(request.folder, name));
    if (owner?.host === host) for (const tool of owner.tools) await toolGone(tool);
    return held(fileOf(mine), text, request.interruptions);
  }
}

/** Empties a file, which takes no room. False when not even that can be done. */
function emptied(file: string): boolean {
  try {
    fs.truncateSync(file, 0);
    return true;
  } catch {
    // The error that led here is told.
    return false;
  }
}

function held(file: string, text: (released: boolean, tools?: readonly ProcessIdentity[]) => string, interruptions: Interruptions): Lock {
  const tools = new Set<ProcessIdentity>();
  const beat = setInterval(() => {
    const now = Date.now() / 1000;
    try {
      fs.utimesSync(file, now, now);
    } catch {
      // The folder was removed under us; the work itself will say so.
    }
  }, BEAT_MS);
  beat.unref();
  let done = false;
  const release = (): void => {
    if (done) return;
    done = true;
    clearInterval(beat);
    forget();
    if (lstat(file) === undefined) return;
    try {
      writeAtomic(file, text(true));
    } catch (error) {
      // A full disk still lets it be emptied, which gives it back a moment later. This process may go on as the program for long.
      if (!emptied(file)) throw error;
    }
  };
  const forget = interruptions.cleanup(release);
  const note = (): void => writeAtomic(file, text(false, [...tools]));
  return {
    noteTool(tool) {
      tools.add(tool);
      note();
      return () => {
        tools.delete(tool);
        if (!done) note();
      };
    },
    release,
  };
}
