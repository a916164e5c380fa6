// A worker thread of a program. The thread is outside: its messages are recorded, what the program posts leaves after its commit.
// After a crash a worker of which nothing was seen starts again; any other is lost: `error`, then `exit` in a turn of its own.
import type { EventEmitter } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import threads, { type WorkerOptions, type Worker } from 'node:worker_threads';
import { ResproutError } from '../../../../base/errors/errors.ts';
import type { Conversation } from '../../../replay/objects/conversation.ts';
import type { Session } from '../../../replay/session/session-api.ts';
import { refuseShared } from './shared-values.ts';
import { inputOf, outputOf } from './worker-streams.ts';

const NativeWorker = threads.Worker;
const clone = structuredClone;
const { env: hostEnv } = process;

/** What is known of a thread when it starts. */
interface Facts {
  readonly error?: unknown;
  readonly threadId: number;
  readonly threadName?: string | null;
  readonly resourceLimits?: object;
}

const GONE = -1;
type Transfer = { readonly transfer: threads.Transferable[] };

function transferIn(given: unknown): Transfer {
  const list: unknown = Array.isArray(given)
    ? given
    : typeof given === 'object' && given !== null
      ? Reflect.get(given, 'transfer')
      : undefined;
  return { transfer: Array.isArray(list) ? (list as threads.Transferable[]) : [] };
}

const shownFile = (file: unknown, options: WorkerOptions): string => (options.eval === true ? 'eval' : String(file));

/** Size of what is posted, where it has one at once. */
const sizeOf = (message: unknown): number => {
  if (typeof message === 'string') return message.length;
  return ArrayBuffer.isView(message) || message instanceof ArrayBuffer ? message.byteLength : 0;
};

/** One worker. */
export class WorkerHalf {
  readonly #session: Session;
  readonly #shell: EventEmitter;
  readonly #file: string | URL;
  readonly #options: WorkerOptions;
  readonly #conversation: Conversation;
  readonly #shown: string;
  readonly stdin: Writable | null;
  readonly stdout: Readable;
  readonly stderr: Readable;
  #native: Worker | undefined;
  #facts: Facts;
  #heard = 0;
  #isTouched = false;
  #isFailed = false;
  #isTerminated = false;
  #isOver = false;
  readonly #exits: ((code: number) => void)[] = [];

  /** Starts the thread. @throws what Node says, ResproutError JOURNAL_VALUE_UNRECORDABLE */
  constructor(session: Session, shell: EventEmitter, args: readonly unknown[]) {
    const [file, given] = args as readonly [string | URL, WorkerOptions?];
    const options = given ?? {};
    refuseShared('workerData', options.workerData);
    this.#session = session;
    this.#shell = shell;
    this.#file = file;
    this.#options = {
      ...options,
      // Both are read to their end outside, and written here when the program does not want them.
      stdout: true,
      stderr: true,
      workerData: clone(options.workerData as unknown, transferIn(options.transferList)),
      transferList: [],
      env: {
        ...((options.env === undefined || options.env === null || options.env === threads.SHARE_ENV || options.env === hostEnv
          ? session.env
          : options.env) as object),
      },
    };
    this.#shown = `worker ${shownFile(file, options)}`;
    this.#conversation = session.world.conversation({
      half: { take: (name, value) => this.#take(name, value), wake: () => this.#wake(), dispose: () => void this.#native?.terminate() },
      shown: this.#shown,
    });
    const shown = [shownFile(file, options), options.eval === true ? file : null, options.name ?? null];
    const facts = this.#conversation.openNow('node:worker_threads.Worker', shown, () => this.#start()) as Facts;
    this.#facts = facts;
    this.stdin =
      options.stdin === true
        ? inputOf(
            this.#conversation,
            () => this.#native?.stdin,
            () => {
              this.#isTouched = true;
            },
          )
        : null;
    this.stdout = outputOf(options.stdout === true ? undefined : process.stdout);
    this.stderr = outputOf(options.stderr === true ? undefined : process.stderr);
    if (facts.error === undefined) return;
    this.#conversation.over();
    throw facts.error;
  }

  /** Outside. */
  #start(): Facts {
    // Code that outlives its session starts nothing.
    if (!this.#session.open) return { threadId: GONE };
    let native: Worker;
    try {
      native = new NativeWorker(this.#file, this.#options);
    } catch (error) {
      return { error, threadId: GONE };
    }
    this.#native = native;
    const conversation = this.#conversation;
    native.on('online', () => conversation.arrive('online'));
    native.on('message', (message: unknown) => conversation.arrive('message', message));
    native.on('messageerror', (error) => conversation.arrive('messageerror', error));
    native.on('error', (error) => conversation.arrive('error', error));
    native.stdout.on('data', (chunk: Uint8Array) => conversation.arriveData('stdout', chunk));
    native.stderr.on('data', (chunk: Uint8Array) => conversation.arriveData('stderr', chunk));
    // What it wrote last comes after its exit; the program hears it before.
    const ended = [native.stdout, native.stderr].map((stream) => new Promise((resolve) => stream.once('close', resolve)));
    native.once('exit', (code) => void Promise.all(ended).then(() => conversation.arrive('exit', code)));
    return {
      threadId: native.threadId,
      threadName: (Reflect.get(native, 'threadName') as string | null | undefined) ?? null,
      resourceLimits: { ...native.resourceLimits },
    };
  }

  /** Outside: history is used up. */
  #wake(): undefined {
    const conversation = this.#conversation;
    if (!this.#isTouched) {
      conversation.arrive('started', this.#start());
      return;
    }
    const { file, line, column } = conversation.site;
    const lost = new ResproutError('LIVE_OBJECT_LOST', `the ${this.#shown} went with the process that had started it`, {
      at: line > 0 ? { file, line, column } : undefined,
      tried: `to go on with the ${this.#shown}`,
      saw: `${String(this.#heard)} events of it had been heard`,
      do: 'Catch the error and start it again, or use the worker inside activity()',
    });
    if (!this.#isFailed && !this.#isTerminated) conversation.arrive('error', lost);
    conversation.arrive('exit', 1);
  }

  /** In the program. */
  #take(name: string, value: unknown): void {
    if (name === 'started') {
      this.#facts = value as Facts;
      return;
    }
    this.#isTouched = true;
    this.#heard++;
    switch (name) {
      case 'stdout':
        this.stdout.push(value);
        return;
      case 'stderr':
        this.stderr.push(value);
        return;
      case 'exit':
        this.#end(value as number);
        return;
      case 'online':
        this.#shell.emit('online');
        return;
      case 'error':
        this.#isFailed = true;
    }
    this.#shell.emit(name, value);
  }

  #end(code: number): void {
    this.#isOver = true;
    this.#conversation.over();
    this.stdout.push(null);
    this.stderr.push(null);
    this.#shell.emit('exit', code);
    for (const resolve of this.#exits.splice(0)) resolve(code);
  }

  // What Worker has.

  get threadId(): number {
    this.#isTouched = true;
    return this.#isOver ? GONE : this.#facts.threadId;
  }

  get threadName(): string | null {
    return this.#isOver ? null : (this.#facts.threadName ?? null);
  }

  get resourceLimits(): object {
    return this.#isOver ? {} : { ...this.#facts.resourceLimits };
  }

  postMessage(message: unknown, transfer?: unknown): void {
    refuseShared('a message to a worker', message);
    const copy: unknown = clone(message, transferIn(transfer));
    if (this.#isOver) return;
    this.#isTouched = true;
    this.#conversation.effect('postMessage', sizeOf(message), () => this.#native?.postMessage(copy));
  }

  terminate(): Promise<number | undefined> {
    if (this.#isOver) return Promise.resolve(undefined);
    const ended = new Promise<number>((resolve) => this.#exits.push(resolve));
    if (this.#isTerminated) return ended;
    this.#isTouched = true;
    this.#isTerminated = true;
    this.#conversation.effect('terminate', 0, () => void this.#native?.terminate());
    return ended;
  }

  ref(): void {
    this.#conversation.setRef(true);
  }

  unref(): void {
    this.#conversation.setRef(false);
  }

  /** A question about the thread: a call with its answer. */
  #ask(name: string, args: readonly unknown[]): Promise<unknown> {
    this.#isTouched = true;
    const run = async (): Promise<unknown> =>
      await (Reflect.apply(Reflect.get(this.#living(), name) as (...given: unknown[]) => unknown, this.#native, args) as Promise<unknown>);
    return this.#session.world.call({ fn: `node:worker_threads.Worker.${name}`, args, run });
  }

  #living(): Worker {
    if (this.#native !== undefined && !this.#isOver) return this.#native;
    throw Object.assign(new Error('Worker instance not running'), { code: 'ERR_WORKER_NOT_RUNNING' });
  }

  getHeapStatistics(): Promise<unknown> {
    return this.#ask('getHeapStatistics', []);
  }

  cpuUsage(...args: readonly unknown[]): Promise<unknown> {
    return this.#ask('cpuUsage', args);
  }

  getHeapSnapshot(): Promise<never> {
    return Promise.reject(
      new ResproutError('JOURNAL_VALUE_UNRECORDABLE', 'a heap snapshot of a worker is not kept in a journal', {
        tried: 'worker.getHeapSnapshot()',
        do: 'Take it inside activity(), and write it to a file there',
      }),
    );
  }

  /** What `worker.performance` has. */
  utilization(): unknown {
    this.#isTouched = true;
    return this.#session.world.callSync('node:worker_threads.Worker.performance.eventLoopUtilization', [], false, () => ({
      ...this.#living().performance.eventLoopUtilization(),
    }));
  }
}
