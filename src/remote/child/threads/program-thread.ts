// The second part of the core, for the main thread: everything that calls need. The broker thread runs without it.
import { posix } from 'node:path';
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { ContextId } from '../../../base/brand.ts';
import type { ImportKind, ModuleTarget } from '../../../base/builds/build.ts';
import { HANDLE } from '../../../wire/frames/handles.ts';
import { encodeToBytes } from '../../../wire/values/value-encode.ts';
import { cleanError } from '../core/calls/clean-error.ts';
import type { Message, NeedMessage, SetupMessage } from '../core/messages/messages.ts';
import type { FarFile } from '../core/calls/module-store.ts';
import { Program } from '../core/program.ts';
import { makeOutputBlocking, routeConsole } from './console.ts';
import { farSleep } from './far-sleep.ts';
import { serveDataFiles } from './data-files.ts';
import { installHooks } from './hooks.ts';
import { type ToBroker, type ToMain, WORD } from './port.ts';

const LATE_MODULE_MS = 120_000;
const WAIT_SLICE_MS = 1000;

declare const FACE_NAMES: Readonly<Record<string, readonly string[]>>;

/** What the main thread gives to the program. */
export interface ProgramThreadPorts {
  readonly id: ContextId;
  readonly setup: SetupMessage;
  readonly port: MessagePort;
  readonly words: Int32Array;
  send(message: Omit<Message, 'src'>): void;
  /** Hands over what was sent: this thread is about to block. */
  flush(): void;
  post(order: ToBroker): void;
  /** Keeps an order of the broker for the event loop. */
  later(order: ToMain): void;
}

/** The running program, as the main thread sees it. */
export interface RunningProgram {
  onMessage(message: Message): void;
  stop(): Promise<void>;
  /** An error without far paths, in bytes. */
  errorBytes(error: Error): Uint8Array;
}

/** The module from which the way to a file is shortest: it asks, since a far side names no file but relative to one that it has. */
function nearest(modules: Iterable<string>, path: string): string {
  const wayTo = (module: string): number => posix.relative(posix.dirname(module), path).length;
  let best = path;
  let way = Number.POSITIVE_INFINITY;
  for (const module of modules) {
    const length = wayTo(module);
    if (length < way) [best, way] = [module, length];
  }
  return best;
}

/** Sets the process up and serves calls from now on. */
export function startProgram(ports: ProgramThreadPorts): RunningProgram {
  const { id, port, post, send, setup, words } = ports;
  process.title = `resprout:${setup.name}`;
  Object.assign(process.env, setup.env);
  if (setup.cwd !== undefined) process.chdir(setup.cwd);
  process.setSourceMapsEnabled(true);
  const program = new Program({ id, setup, send, sleep: farSleep, importModule: (url) => import(url) as Promise<object> });

  /** Blocks until the answer to a request has come; everything else waits for the event loop. */
  const askHome = (request: NeedMessage): ModuleTarget => {
    let answer: Message | undefined;
    const replyTo = program.mailboxes.open(program.home, (message) => {
      answer = message;
    });
    send({ dst: program.home, handle: HANDLE.GET_MODULE, replyTo, payload: encodeToBytes(request) });
    ports.flush();
    const deadline = performance.now() + LATE_MODULE_MS;
    while (answer === undefined && performance.now() < deadline) {
      const seen = Atomics.load(words, WORD.POSTED);
      const next = receiveMessageOnPort(port) as { message: readonly ToMain[] } | undefined;
      if (next === undefined) Atomics.wait(words, WORD.POSTED, seen, WAIT_SLICE_MS);
      for (const order of next?.message ?? [])
        if (order.kind === 'message' && order.message.handle === replyTo) program.mailboxes.receive(order.message);
        else ports.later(order);
    }
    program.mailboxes.close(replyTo);
    return program.keepLate(request.specifier, answer);
  };
  const askLate = (from: FarFile, specifier: string, importKind: ImportKind): ModuleTarget =>
    askHome({ kind: 'late', build: from.build, from: from.path, specifier, importKind });
  /** Why there is no such file, by build and path: whoever looks again and again is told from here. */
  const absent = new Map<string, unknown>();
  const askData = (far: FarFile): Uint8Array => {
    const known = program.store.data(far);
    if (known !== undefined) return known;
    const key = `${far.build}${far.path}`;
    if (absent.has(key)) throw absent.get(key);
    try {
      return fetchData(far);
    } catch (error) {
      absent.set(key, error);
      throw error;
    }
  };
  const fetchData = (far: FarFile): Uint8Array => {
    const from = nearest(program.store.paths(far.build), far.path);
    const relative = posix.relative(posix.dirname(from), far.path);
    askHome({ kind: 'data', build: far.build, from, specifier: relative.startsWith('../') ? relative : `./${relative}` });
    return program.store.data(far) ?? new Uint8Array(0);
  };

  program.importer = installHooks(program.store, FACE_NAMES, program.faceMember, askLate);
  serveDataFiles(program.store, askData);
  routeConsole((level, line) => post({ kind: 'log', level, text: program.store.clean(line) }));
  makeOutputBlocking();
  return {
    onMessage: (message) => program.onMessage(message),
    stop: () => program.stop(),
    errorBytes: (error) => {
      cleanError(error, (text) => program.store.clean(text));
      return program.errorBytes(error);
    },
  };
}
