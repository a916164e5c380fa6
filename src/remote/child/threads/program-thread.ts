// The second part of the core, for the main thread: everything that calls need. The broker thread runs without it.
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { ContextId } from '../../../base/brand.ts';
import type { ImportKind, ModuleTarget } from '../../../base/builds/build.ts';
import { HANDLE } from '../../../wire/frames/handles.ts';
import { encodeToBytes } from '../../../wire/values/value-encode.ts';
import { cleanError } from '../core/calls/clean-error.ts';
import type { Message, SetupMessage } from '../core/messages/messages.ts';
import type { FarFile } from '../core/calls/module-store.ts';
import { Program } from '../core/program.ts';
import { makeOutputBlocking, routeConsole } from './console.ts';
import { farSleep } from './far-sleep.ts';
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

/** Sets the process up and serves calls from now on. */
export function startProgram(ports: ProgramThreadPorts): RunningProgram {
  const { id, port, post, send, setup, words } = ports;
  process.title = `resprout:${setup.name}`;
  Object.assign(process.env, setup.env);
  if (setup.cwd !== undefined) process.chdir(setup.cwd);
  process.setSourceMapsEnabled(true);
  const program = new Program({ id, setup, send, sleep: farSleep, importModule: (url) => import(url) as Promise<object> });

  /** Blocks until the answer to a request has come; everything else waits for the event loop. */
  const askLate = (from: FarFile, specifier: string, importKind: ImportKind): ModuleTarget => {
    let answer: Message | undefined;
    const replyTo = program.mailboxes.open(program.home, (message) => {
      answer = message;
    });
    const request = { kind: 'late', build: from.build, from: from.path, specifier, importKind };
    send({ dst: program.home, handle: HANDLE.GET_MODULE, replyTo, payload: encodeToBytes(request) });
    const deadline = performance.now() + LATE_MODULE_MS;
    while (answer === undefined && performance.now() < deadline) {
      const seen = Atomics.load(words, WORD.POSTED);
      const next = receiveMessageOnPort(port) as { message: ToMain } | undefined;
      if (next === undefined) Atomics.wait(words, WORD.POSTED, seen, WAIT_SLICE_MS);
      else if (next.message.kind === 'message' && next.message.message.handle === replyTo) program.mailboxes.receive(next.message.message);
      else ports.later(next.message);
    }
    program.mailboxes.close(replyTo);
    return program.keepLate(specifier, answer);
  };

  program.importer = installHooks(program.store, FACE_NAMES, program.faceMember, askLate);
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
