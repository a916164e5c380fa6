// A child process of a program: an instance of Node's class, fed by the journal.
// 1. What Node says in the turn of the call (its id, its pipes, `spawn`) is part of the record of the call; what comes later are events.
// 2. After a crash a child of which nothing was seen is started again. Any other one is lost: `error`, then in a later event `exit` and `close`.
import type { ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { deserialize, serialize } from 'node:v8';
import { ResproutError } from '../../../../base/errors/errors.ts';
import type { Conversation } from '../../../replay/objects/conversation.ts';
import type { LocalHalf } from '../../../replay/objects/local-half.ts';
import type { Session } from '../../../replay/session/session-api.ts';
import { lostError } from '../lost.ts';
import { natives } from '../natives.ts';
import { PuppetSocket } from '../socket/puppet-socket.ts';
import { NativeChild, type ChildFacts } from './native-child.ts';

/** What a child is started with. */
export interface ChildSpec {
  /** Name of the call in the journal. */
  readonly fn: string;
  readonly shown: string;
  /** What counts on replay. */
  readonly args: readonly unknown[];
  readonly isDetached: boolean;
  /** Starts it, outside. */
  start(): ChildProcess;
}

/** The fields of Node's class, which its types call read-only. */
export interface ChildFields {
  _closesNeeded: number;
  _closesGot: number;
  connected: boolean;
  signalCode: string | null;
  exitCode: number | null;
  killed: boolean;
  spawnfile: string | null;
  _handle: null;
  spawnargs: readonly string[];
  stdin: PuppetSocket | null;
  stdout: PuppetSocket | null;
  stderr: PuppetSocket | null;
  stdio: readonly (PuppetSocket | null)[];
  channel: object | null;
  send: unknown;
  disconnect: unknown;
}

/** Node's own check of a signal. */
export const killOfNode = (child: object, signal: unknown): unknown =>
  Reflect.apply(natives.ChildProcess.prototype.kill, child, [signal]) as unknown;

/** Node's constructor makes a native handle, so the class only stands below its prototype. */
export class PuppetChild extends EventEmitter implements LocalHalf {
  readonly #spec: ChildSpec;
  readonly #conversation: Conversation;
  #half: NativeChild | undefined;
  #pid: number | undefined;
  #isTouched = false;
  #isRunning = true;
  #heard = 0;

  /** @param isLate it is started by `begin`, when the program makes use of it @throws what Node throws for wrong arguments */
  constructor(session: Session, spec: ChildSpec, isLate = false) {
    super();
    this.#spec = spec;
    const { fields } = this;
    fields._closesNeeded = 1;
    fields._closesGot = 0;
    fields.connected = false;
    fields.signalCode = null;
    fields.exitCode = null;
    fields.killed = false;
    fields.spawnfile = null;
    fields._handle = null;
    this.#conversation = session.world.conversation({ half: this, shown: spec.shown });
    if (!isLate) this.begin();
  }

  /** Not a field: a program that looks at its child sees what Node's has. */
  protected get conversation(): Conversation {
    return this.#conversation;
  }

  protected get fields(): ChildFields {
    return this as unknown as ChildFields;
  }

  /** Starts it. @throws what Node throws for wrong arguments */
  protected begin(): void {
    const spec = this.#spec;
    const facts = this.conversation.openNow(spec.fn, spec.args, () => this.#start()) as ChildFacts | { readonly thrown: unknown };
    if ('thrown' in facts) {
      this.conversation.over();
      throw facts.thrown;
    }
    this.#shape(facts);
  }

  #start(): ChildFacts | { readonly thrown: unknown } {
    try {
      const half = new NativeChild(this.#spec.start(), (name, value) => this.conversation.arrive(name, value));
      this.#half = half;
      return half.facts;
    } catch (error) {
      return { thrown: error };
    }
  }

  #shape(facts: ChildFacts): void {
    const fields = this.fields;
    fields.spawnfile = facts.spawnfile;
    fields.spawnargs = facts.spawnargs;
    this.#pid = facts.pid;
    const pid = (): number | undefined => {
      this.#isTouched = true;
      return this.#pid;
    };
    Object.defineProperty(this, 'pid', { enumerable: true, configurable: true, get: pid });
    const stdio = facts.stdio.map((shape, index) => (shape === null ? null : this.#pipe(shape, index)));
    fields.stdin = stdio[0] ?? null;
    fields.stdout = stdio[1] ?? null;
    fields.stderr = stdio[2] ?? null;
    fields.stdio = stdio;
    if (facts.hasIpc) this.#openChannel();
    if (facts.pid !== undefined) process.nextTick(() => this.emit('spawn'));
  }

  #pipe({ readable, writable }: { readonly readable: boolean; readonly writable: boolean }, index: number): PuppetSocket {
    const names = ['stdin', 'stdout', 'stderr'];
    const shown = `${names[index] ?? `pipe ${String(index)}`} of ${this.#spec.shown}`;
    const socket = new PuppetSocket({ readable, writable, edge: readable && index > 0 ? 'output' : 'input', shown });
    socket.bind(this.#half?.streams[index]);
    if (index > 0 && this.#pid !== undefined) {
      this.fields._closesNeeded++;
      socket.on('close', () => this.#closeIfDone());
      socket.read(0);
    }
    return socket;
  }

  // What happens outside.

  take(name: string, value: unknown): void {
    this.#isTouched ||= name !== 'pid';
    this.#heard++;
    switch (name) {
      case 'error': {
        const { error, exitCode } = value as { readonly error: Error; readonly exitCode: number | null };
        if (typeof exitCode === 'number' && exitCode < 0 && this.#isRunning) this.#ended(exitCode, null, error);
        else this.emit('error', error);
        return;
      }
      case 'exit': {
        const [code, signal] = value as [number | null, string | null];
        if (this.#isRunning) this.#ended(code, signal, undefined);
        return;
      }
      case 'message':
        this.emit('message', deserialize(value as Buffer), undefined);
        return;
      case 'disconnect':
        return this.#disconnected();
      case 'pid':
        this.#pid = value as number | undefined;
        return;
      case 'lost':
        this.emit(
          'error',
          lostError(
            this.#spec.shown,
            this.#heard - 1,
            this.conversation,
            'A child that is only run and read is safer as execFile, which is run again',
          ),
        );
        return;
    }
  }

  #ended(code: number | null, signal: string | null, error: Error | undefined): void {
    const fields = this.fields;
    this.#isRunning = false;
    if (signal === null) fields.exitCode = code;
    else fields.signalCode = signal;
    fields.stdin?.destroy();
    if (error === undefined) this.emit('exit', fields.exitCode, fields.signalCode);
    else this.emit('error', error);
    // Output that nobody reads is read to its end, one turn of ticks later, so that a listener of `exit` may still begin.
    process.nextTick(() => {
      for (const stream of fields.stdio) if (stream?.readable === true) stream.resume();
    });
    this.#closeIfDone();
  }

  #closeIfDone(): void {
    const fields = this.fields;
    fields._closesGot++;
    if (fields._closesGot !== fields._closesNeeded) return;
    this.conversation.over();
    this.emit('close', fields.exitCode, fields.signalCode);
  }

  wake(): undefined {
    if (this.#half !== undefined) return;
    if (!this.#isRunning) {
      if (this.fields.connected) this.conversation.arrive('disconnect');
      return;
    }
    const isUntouched =
      !this.#isTouched && this.fields.stdio.every((stream) => stream === null || stream.edge.bytesRead + stream.edge.bytesWritten === 0);
    if (isUntouched) return this.#startAgain();
    this.conversation.arrive('lost');
    if (this.fields.connected) this.conversation.arrive('disconnect');
    this.conversation.arrive('exit', [null, 'SIGKILL']);
  }

  #startAgain(): undefined {
    const facts = this.#start();
    if ('thrown' in facts) {
      this.conversation.arrive('error', { error: facts.thrown, exitCode: -1 });
      return;
    }
    this.conversation.arrive('pid', facts.pid);
    for (const [index, half] of (this.#half?.streams ?? []).entries()) {
      const socket = this.fields.stdio[index];
      if (half === undefined) continue;
      if (socket === null || socket === undefined || socket.destroyed) half.destroy();
      else socket.edge.attach(half);
    }
  }

  dispose(): void {
    if (!this.#spec.isDetached) this.#half?.destroy();
  }

  // What the program does.

  kill(signal?: NodeJS.Signals | number): boolean {
    // Node says what is no signal.
    killOfNode(this, signal);
    if (!this.#isRunning || this.#pid === undefined) return false;
    this.#isTouched = true;
    this.fields.killed = true;
    this.conversation.effect('kill', 0, () => this.#half?.kill(signal));
    return true;
  }

  ref(): void {
    this.conversation.setRef(true);
  }

  unref(): void {
    this.conversation.setRef(false);
  }

  [Symbol.dispose](): void {
    if (!this.fields.killed) this.kill();
  }

  // Messages.

  #openChannel(): void {
    const fields = this.fields;
    fields._closesNeeded++;
    fields.connected = true;
    fields.channel = Object.assign(new EventEmitter(), {
      ref: () => this.conversation.setRef(true),
      unref: () => this.conversation.setRef(false),
    });
    // Own properties, as Node has them: a child without a channel has none.
    fields.send = sendMessage;
    fields.disconnect = disconnectChannel;
  }

  /** Sends a message to a child with a channel. */
  sendMessage(message: unknown, ...rest: readonly unknown[]): boolean {
    const callback = rest.find((arg) => typeof arg === 'function') as ((error: Error | null) => void) | undefined;
    const [handle] = rest;
    if (typeof handle === 'object' && handle !== null && typeof Reflect.get(handle, 'on') === 'function')
      throw new ResproutError(
        'PACKAGE_NEEDS_BOUNDARY',
        'a socket or server was given to a child process, and its half outside cannot change hands',
        {
          tried: 'child.send(message, handle)',
          do: 'Let the child open it itself, or start child and server in one activity()',
        },
      );
    if (message === undefined) throw Object.assign(new TypeError('The "message" argument must be specified'), { code: 'ERR_MISSING_ARGS' });
    if (!this.fields.connected)
      return this.#sendError(Object.assign(new Error('Channel closed'), { code: 'ERR_IPC_CHANNEL_CLOSED' }), callback);
    const bytes = serialize(message);
    this.#isTouched = true;
    this.conversation.effect('send', bytes.length, () => this.#half?.send(deserialize(bytes)));
    if (callback !== undefined) process.nextTick(callback, null);
    return true;
  }

  #sendError(error: Error, callback: ((error: Error) => void) | undefined): boolean {
    if (callback !== undefined) process.nextTick(callback, error);
    else process.nextTick(() => this.emit('error', error));
    return false;
  }

  /** Closes the channel. */
  disconnectChannel(): void {
    if (!this.fields.connected) {
      this.emit('error', Object.assign(new Error('IPC channel is already disconnected'), { code: 'ERR_IPC_DISCONNECTED' }));
      return;
    }
    this.fields.connected = false;
    this.conversation.effect('disconnect', 0, () => this.#half?.disconnect());
  }

  #disconnected(): void {
    this.fields.connected = false;
    this.fields.channel = null;
    this.emit('disconnect');
    this.#closeIfDone();
  }

  /** Ends it for a reason, as an aborted signal does. */
  abort(signal: NodeJS.Signals | number | undefined, reason: unknown): void {
    if (!this.kill(signal)) return;
    this.emit('error', Object.assign(new Error('The operation was aborted', { cause: reason }), { name: 'AbortError', code: 'ABORT_ERR' }));
  }
}

const { sendMessage, disconnectChannel } = PuppetChild.prototype;

/** What a program sees of the class of a child is Node's. */
export function showAsChild(Puppet: { readonly prototype: object }): void {
  Reflect.deleteProperty(Puppet.prototype, 'constructor');
}

Object.setPrototypeOf(PuppetChild.prototype, natives.ChildProcess.prototype);
showAsChild(PuppetChild);
