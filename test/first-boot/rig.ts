// Boots a clone where every program is watched: the calls that change files are counted, and one of them can be struck.
// A boot has a mount namespace, so that nothing else on the machine is watched.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import path from 'node:path';
import { needs } from '../support/needs.ts';
import { collect, type Ended } from '../primer/support/client.ts';
import type { Subject } from './subject.ts';

/** For the option `skip` of a test. */
export const noRig: string | false = needs(
  'root',
  'linux',
  { program: 'unshare', debianPackage: 'util-linux' },
  { program: 'cc', debianPackage: 'gcc' },
);

/** What happens at a call: all processes are killed, the one that makes it, or the call fails. */
export type Action = 'kill all' | 'kill one' | 'ENOSPC' | 'EIO' | 'EACCES';

export const ACTIONS: readonly Action[] = ['kill all', 'kill one', 'ENOSPC', 'EIO', 'EACCES'];

/** One call that changes a file. */
export interface Call {
  /** From 1, over all processes of a boot. */
  readonly nth: number;
  readonly process: number;
  /** `open` (that creates or empties), `mkdir`, `rename`, `write`, `sync`, … */
  readonly op: string;
  readonly path: string;
}

export interface Watched extends Ended {
  /** How many calls there were. */
  readonly count: number;
  /** Whether the planned one was among them. */
  readonly struck: boolean;
}

const LIMIT_MS = 180_000;
const PLAN_BYTES = 40 + 4 * 4096;
const USED = 32;
const KNOWN = 36;

// /etc is covered by a layer that has the file which the loader of all programs reads.
const SETUP = [
  'mount -t tmpfs watched "$1"; mkdir "$1/upper" "$1/work"',
  'mount -t overlay watched -o "lowerdir=/etc,upperdir=$1/upper,workdir=$1/work" /etc',
  'printf "%s\\n" "$0" >/etc/ld.so.preload',
  'shift; exec "$@"',
].join('\n');

function planBytes(nth: number, action: Action | undefined, note: boolean): Buffer {
  const plan = Buffer.alloc(PLAN_BYTES);
  plan.writeBigUInt64LE(BigInt(nth), 8);
  plan.writeUInt32LE(action === undefined ? 0 : action === 'kill all' ? 1 : action === 'kill one' ? 2 : 3, 16);
  if (action === 'ENOSPC' || action === 'EIO' || action === 'EACCES') plan.writeUInt32LE(constants.errno[action], 20);
  plan.writeUInt32LE(note ? 1 : 0, 28);
  return plan;
}

export class Rig implements Disposable {
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'watched-'));
  readonly #library = path.join(this.#folder, 'shim.so');
  readonly #plan = path.join(this.#folder, 'plan');
  readonly #calls = path.join(this.#folder, 'calls');

  constructor() {
    execFileSync(
      'cc',
      ['-O2', '-Wall', '-Werror', '-shared', '-fPIC', '-o', this.#library, path.join(import.meta.dirname, 'shim.c'), '-ldl'],
      {
        stdio: ['ignore', 'inherit', 'inherit'],
      },
    );
    mkdirSync(path.join(this.#folder, 'layer'));
  }

  /** Boots without a fault. @returns the run and every call of it */
  async count(subject: Subject): Promise<{ readonly ended: Watched; readonly calls: readonly Call[] }> {
    writeFileSync(this.#calls, '');
    const ended = await this.#boot(subject, planBytes(0, undefined, true));
    const calls = readFileSync(this.#calls, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const [nth = '', process = '', op = '', ...rest] = line.split(' ');
        return { nth: Number(nth), process: Number(process), op, path: rest.join(' ') };
      });
    return { ended, calls };
  }

  /** Boots, and something happens at the `nth` call. */
  strike(subject: Subject, nth: number, action: Action): Promise<Watched> {
    return this.#boot(subject, planBytes(nth, action, false));
  }

  async #boot({ root, env, args }: Subject, plan: Buffer): Promise<Watched> {
    writeFileSync(this.#plan, plan);
    const apart = ['-m', 'sh', '-ec', SETUP];
    const child = spawn('unshare', [...apart, this.#library, path.join(this.#folder, 'layer'), './resprout', ...args], {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const limit = setTimeout(() => this.#killAll(), LIMIT_MS);
    const ended = await collect(child);
    clearTimeout(limit);
    const after = readFileSync(this.#plan);
    return { ...ended, count: Number(after.readBigUInt64LE(0)), struck: after.readUInt32LE(24) === 1 };
  }

  #killAll(): void {
    const plan = readFileSync(this.#plan);
    for (let i = 0; i < plan.readUInt32LE(USED); i += 1)
      try {
        process.kill(plan.readUInt32LE(KNOWN + 4 * i), 'SIGKILL');
      } catch {
        // It has ended.
      }
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
