// One call of the system that a command makes for a file of ours fails: the error has a code that says so, and no session is lost.
// strace counts the calls of the command's main thread in a run that goes well; then each that touches our files is made to fail in a run of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { needs } from '../support/needs.ts';
import { CLI, Shop } from '../cli/support/cli.ts';

/** For the option `skip` of a test. */
export const noStrace: string | false = needs('linux', { program: 'strace', debianPackage: 'strace' });

/** Calls that a file of ours is used with, and how each may fail. */
export const FAULTS: readonly (readonly [call: string, errno: string])[] = [
  ['openat', 'EMFILE'],
  ['openat', 'EACCES'],
  ['openat', 'EIO'],
  ['openat', 'EROFS'],
  ['mkdir', 'ENOSPC'],
  ['mkdir', 'EROFS'],
  ['rename', 'EIO'],
  ['link', 'EIO'],
  ['unlink', 'EACCES'],
  ['pread64', 'EIO'],
  ['read', 'EIO'],
  ['pwrite64', 'ENOSPC'],
  ['write', 'ENOSPC'],
  ['fdatasync', 'EIO'],
  ['fsync', 'EIO'],
  ['statx', 'EIO'],
  ['chmod', 'EROFS'],
];

const PROGRAM = `
export default async function () {
  const before = Date.now();
  await new Promise((resolve) => setTimeout(resolve, 20));
  console.log(Math.random() < 1, Date.now() >= before);
  return 'value';
}`;
const LIMIT_MS = 120_000;

export interface Struck {
  readonly command: string;
  readonly call: string;
  readonly errno: string;
  readonly nth: number;
  readonly exit: number | null;
  readonly code: string;
  readonly faults: readonly string[];
}

/** A shop with a store that holds a session that has ended and one that is parked, and the folder of owner sockets. */
class Place implements Disposable {
  readonly shop: Shop = new Shop({
    'steps.ts': PROGRAM,
    'naps.ts': 'export default async () => void (await new Promise((r) => setTimeout(r, 4000)));',
  });
  readonly #copy = join(this.shop.folder, 'copy');

  async begin(): Promise<void> {
    mkdirSync(this.sockets, { mode: 0o700 });
    await this.run(['run', 'steps.ts', '--session', this.ended]);
    await this.run(['run', 'naps.ts', '--park', '--session', this.parked]);
    cpSync(this.shop.store, this.#copy, { recursive: true });
  }

  readonly ended: string = `ses_${'0'.repeat(25)}1`;
  readonly parked: string = `ses_${'0'.repeat(25)}2`;

  get sockets(): string {
    return join(this.shop.folder, 'sockets');
  }

  get env(): Record<string, string> {
    return { XDG_RUNTIME_DIR: this.sockets };
  }

  /** The store as it was. */
  restore(): void {
    rmSync(this.shop.store, { recursive: true, force: true });
    cpSync(this.#copy, this.shop.store, { recursive: true });
  }

  run(args: readonly string[]): ReturnType<Shop['run']> {
    return this.shop.run(args, { env: this.env });
  }

  /** Runs a command under strace; only its main thread is looked at. */
  async traced(
    args: readonly string[],
    strace: readonly string[],
  ): Promise<{ readonly exit: number | null; readonly err: string; readonly trace: string }> {
    const log = join(this.shop.folder, 'trace');
    const child = spawn('strace', ['-qq', '-y', '-s', '0', '-o', log, ...strace, process.execPath, CLI, ...args], {
      cwd: this.shop.folder,
      env: this.shop.env(this.env),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let err = '';
    child.stderr.on('data', (bytes: Buffer) => (err += bytes.toString()));
    const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
    const [exit] = (await once(child, 'close')) as [number | null];
    clearTimeout(limit);
    return { exit, err, trace: readFileSync(log, 'utf8') };
  }

  [Symbol.dispose](): void {
    this.shop[Symbol.dispose]();
  }
}

/** Numbers of the calls of one kind that touch files of ours, from 1. */
function numbersOf(trace: string, call: string, ours: readonly string[]): number[] {
  const lines = trace.split('\n').filter((line) => line.startsWith(`${call}(`));
  return lines.flatMap((line, i) => (ours.some((folder) => line.includes(folder)) ? [i + 1] : []));
}

/** @param share of all calls, from 0 to 1. @param say takes a line for each */
export async function strikeAll(share: number, say: (line: string) => void): Promise<readonly Struck[]> {
  using place = new Place();
  await place.begin();
  const ours = [place.shop.store, place.sockets];
  const calls = [...new Set(FAULTS.map(([call]) => call))];
  const struck: Struck[] = [];
  let turn = 0;
  for (const args of [['run', 'steps.ts'], ['resume', place.parked], ['sessions'], ['show', place.ended], ['replay', place.ended]]) {
    place.restore();
    const { trace } = await place.traced(args, ['-e', `trace=${calls.join(',')}`]);
    for (const [call, errno] of FAULTS) {
      for (const nth of numbersOf(trace, call, ours)) {
        turn += share;
        if (turn < 1) continue;
        turn -= 1;
        const one = await strike(place, args, call, errno, nth);
        if (one === undefined) continue;
        struck.push(one);
        const { exit, code, faults } = one;
        say(`${args[0]}: ${call} ${nth} ${errno}: exit ${exit} ${code} ${faults.join('; ')}`);
      }
    }
  }
  return struck;
}

const ALLOWED: ReadonlySet<string> = new Set(['', 'STORE_IO', 'FILE_IO', 'STORE_UNSAFE', 'RUNNER_LOST']);

async function strike(place: Place, args: readonly string[], call: string, errno: string, nth: number): Promise<Struck | undefined> {
  place.restore();
  const { exit, err, trace } = await place.traced(args, ['-e', `trace=${call}`, '-e', `inject=${call}:error=${errno}:when=${nth}`]);
  // Another run may make its calls in another order: what struck a file of Node or of a package tells nothing.
  const struckLine = trace.split('\n').find((line) => line.includes('(INJECTED)')) ?? '';
  if (![place.shop.store, place.sockets].some((folder) => struckLine.includes(folder))) return undefined;
  const code = /✖ (\w+)/.exec(err)?.[1] ?? '';
  const faults: string[] = [];
  if (exit === null) faults.push('it did not end');
  if (!ALLOWED.has(code)) faults.push(err);
  if (exit !== 0 && code === '') faults.push(`exit ${exit} without a code: ${err}`);
  // Whatever happened, every session is there and can go on.
  const resumed = await place.run(['resume']);
  if (resumed.exit !== 0) faults.push(`resume: ${resumed.err}`);
  const list = await place.run(['sessions', '--json']);
  if (/damaged|interrupted/.test(list.out) || !list.out.includes(place.ended)) faults.push(`sessions: ${list.out}`);
  return { command: args[0] ?? '', call, errno, nth, exit, code, faults };
}
