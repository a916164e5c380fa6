// One rollout in a folder of its own, with a real cause that makes its twelfth step fail, and the means to mend it.
import { appendFileSync, chmodSync, cpSync, existsSync, readFileSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import { newSessionId, openStore, readSession, type JournalEvent } from '../../src/worker.ts';
import { realClock } from '../../src/platform/time/clock.ts';
import { realRandom } from '../../src/platform/random.ts';
import { openRig, type Rig } from '../ssh/rig.ts';
import { placeNode } from '../ssh/support/homes.ts';
import { freePort } from '../support/free-port.ts';
import { stageProgram, type StagedProgram } from '../support/programs.ts';
import type { Order } from '../worker/support/owner-process.ts';
import { Owner } from '../worker/support/harness.ts';
import type { Cause, Order as StepOrder } from './programs/host.ts';

export const CAUSES: readonly Cause[] = ['host down', 'bug', 'full disk', 'refused key', 'refused ssh key', 'timeout'];
export const STEPS = 20;

const PROGRAMS = path.join(import.meta.dirname, 'programs');
const KEY = 'right';
const RIGHT = 'length: 21';
const BUG = 'length: 12';

/** Hosts of a real sshd. The third one has a key of its own, which the sshd does not accept yet. */
function hostsOf(rig: Rig): StepOrder['hosts'] {
  const configs = [rig.config(), rig.config({ key: 'other' })];
  return rig.users.map(({ name }, i) => ({ name: `host-${String(i + 1)}`, user: name, configFile: configs[i < 2 ? 0 : 1] ?? '' }));
}

/** The service that the twelfth step asks. */
function service(isSilent: () => boolean): Server {
  return createServer((request, response) => {
    if (isSilent()) return;
    response.statusCode = request.headers.authorization === KEY ? 200 : 401;
    response.end();
  });
}

/** What a run left behind beside its journal. */
const TRACES = ['done.txt', 'tried.txt', 'disk'];

export class Stage implements AsyncDisposable {
  readonly cause: Cause;
  readonly sessionId: string = newSessionId(realClock, realRandom);
  readonly #program: StagedProgram = stageProgram();
  readonly #port: number;
  readonly #rig: Rig | undefined;
  readonly #hosts: StepOrder['hosts'];
  #server: Server | undefined;
  #isSilent = false;

  private constructor(cause: Cause, port: number, rig: Rig | undefined) {
    this.cause = cause;
    this.#port = rig?.port ?? port;
    this.#rig = rig;
    this.#hosts = rig === undefined ? undefined : hostsOf(rig);
  }

  static async open(cause: Cause): Promise<Stage> {
    const user = { shell: '/bin/sh', home: 'memory', prepare: (home: string) => placeNode(home, 'n') } as const;
    const rig = cause === 'refused ssh key' ? await openRig([user, user, user]) : undefined;
    const stage = new Stage(cause, await freePort(), rig);
    if (rig !== undefined) stage.#openToAll();
    const text = readFileSync(path.join(PROGRAMS, rig === undefined ? 'rollout.ts' : 'rollout-ssh.ts'), 'utf8');
    stage.#program.write('rollout.ts', cause === 'bug' ? text.replace(RIGHT, BUG) : text);
    stage.#program.write('host.ts', readFileSync(path.join(PROGRAMS, 'host.ts'), 'utf8'));
    stage.#program.write('key', cause === 'refused key' ? 'wrong' : KEY);
    // Every write to it fails with ENOSPC.
    if (cause === 'full disk') symlinkSync('/dev/full', stage.#program.path('disk'));
    stage.#isSilent = cause === 'timeout';
    if (cause !== 'host down' && rig === undefined) await stage.#listen();
    return stage;
  }

  get folder(): string {
    return this.#program.folder;
  }

  /** The steps run as other users. */
  #openToAll(): void {
    chmodSync(this.folder, 0o777);
    for (const name of ['tried.txt', 'done.txt']) chmodSync(this.#program.write(name, ''), 0o666);
  }

  async #listen(): Promise<void> {
    const server = service(() => this.#isSilent);
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', () => resolve()));
  }

  /** Takes the cause away. For the bug the file is corrected: the session has to be told to take it. */
  async mend(): Promise<void> {
    switch (this.cause) {
      case 'host down':
        return await this.#listen();
      case 'bug':
        this.#program.write('rollout.ts', readFileSync(path.join(PROGRAMS, 'rollout.ts'), 'utf8'));
        return;
      case 'full disk':
        return unlinkSync(this.#program.path('disk'));
      case 'refused key':
        return writeFileSync(this.#program.path('key'), KEY);
      case 'refused ssh key':
        return appendFileSync(
          path.join(this.#rig?.folder ?? '', 'authorized'),
          readFileSync(path.join(this.#rig?.folder ?? '', 'other.pub')),
        );
      case 'timeout':
        this.#isSilent = false;
    }
  }

  /** Runs an owner process to its end. */
  async own(mode: Order['mode'], more: Partial<Order['options']> = {}, killOwnerAfter?: number): Promise<Owner> {
    const { folder, cause } = this;
    const options: Order['options'] = {
      file: path.join(folder, 'rollout.ts'),
      folder,
      storeFolder: path.join(folder, 'store'),
      sessionId: this.sessionId,
      data: { folder, cause, port: this.#port, hosts: this.#hosts },
      ...more,
    };
    const owner = new Owner({ mode, options, killOwnerAfter }, this.#program.path(''), process.execPath);
    await owner.closed;
    return owner;
  }

  /** Retries after the cause is mended. */
  async retry(killOwnerAfter?: number): Promise<Owner> {
    const buildFile = this.cause === 'bug' ? path.join(this.folder, 'rollout.ts') : undefined;
    return await this.own('resume', { retry: true, buildFile }, killOwnerAfter);
  }

  async events(): Promise<readonly JournalEvent[]> {
    return (await readSession(openStore({ folder: path.join(this.folder, 'store'), create: false }), this.sessionId)).events;
  }

  /** Numbers of the steps that were done, in order. */
  done(): number[] {
    return this.#lines('done.txt').map(Number);
  }

  /** The keys under which each step was tried. */
  keys(): ReadonlyMap<number, ReadonlySet<string>> {
    const keys = new Map<number, Set<string>>();
    for (const line of this.#lines('tried.txt')) {
      const [number = '', key = ''] = line.split(' ');
      keys.set(Number(number), (keys.get(Number(number)) ?? new Set()).add(key));
    }
    return keys;
  }

  #lines(file: string): string[] {
    const place = path.join(this.folder, file);
    return existsSync(place) ? readFileSync(place, 'utf8').split('\n').filter(Boolean) : [];
  }

  /** Keeps the store and what the steps wrote; `restore` puts it back. */
  save(): void {
    this.#copy('store', 'saved/store');
    for (const name of TRACES) this.#copy(name, `saved/${name}`);
  }

  restore(): void {
    this.#copy('saved/store', 'store');
    for (const name of TRACES) this.#copy(`saved/${name}`, name);
  }

  #copy(from: string, to: string): void {
    rmSync(path.join(this.folder, to), { recursive: true, force: true });
    const place = path.join(this.folder, from);
    if (existsSync(place)) cpSync(place, path.join(this.folder, to), { recursive: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise<void>((resolve) => (this.#server === undefined ? resolve() : this.#server.close(() => resolve())));
    this.#program.remove();
    await this.#rig?.close();
  }
}
