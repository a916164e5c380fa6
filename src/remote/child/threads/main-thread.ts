// The main thread of a far process: user code. It may block; the broker thread answers meanwhile.
import { MessageChannel, receiveMessageOnPort, SHARE_ENV, Worker } from 'node:worker_threads';
import { writeSync } from 'node:fs';
import type { ImportKind, ModuleTarget } from '../../../base/build.ts';
import { HANDLE } from '../../../wire/handles.ts';
import { encodeToBytes } from '../../../wire/value-encode.ts';
import { Program } from '../core/program.ts';
import type { ExitingMessage, Message } from '../core/messages.ts';
import type { FarFile } from '../core/module-store.ts';
import { cleanError } from '../core/dispatcher.ts';
import { farSleep } from './far-sleep.ts';
import { installHooks } from './hooks.ts';
import { makeOutputBlocking, routeConsole } from './console.ts';
import { type BrokerData, postMoved, type ToBroker, type ToMain, WORD } from './port.ts';

const FLUSH_MS = 5000;
const LATE_MODULE_MS = 120_000;
const WAIT_SLICE_MS = 1000;
/** What our askpass helper and its tools were started with; nothing of it is for the program. */
const ASK_VARIABLES = ['NODE_OPTIONS', 'RESPROUT_ASK', 'SSH_ASKPASS', 'SSH_ASKPASS_REQUIRE', 'SUDO_ASKPASS'];

declare const FACE_NAMES: Readonly<Record<string, readonly string[]>>;

/** Starts the broker, then serves calls until the process ends. */
export function runMain(text: string, stdio: BrokerData['stdio']): void {
  for (const name of ASK_VARIABLES) Reflect.deleteProperty(process.env, name);
  // The long `-e` text would be handed on to forks and workers of the program.
  process.execArgv.length = 0;
  const words = new Int32Array(new SharedArrayBuffer(8));
  const { port1: port, port2 } = new MessageChannel();
  const data: BrokerData = { port: port2, words, stdio };
  const broker = new Worker(text, { eval: true, workerData: data, transferList: [port2], env: SHARE_ENV, execArgv: [], stdin: false });
  const brokerDied = (error?: Error): void => {
    writeSync(2, `resprout: the broker thread ended: ${error?.stack ?? 'without an error'}\n`);
    process.kill(0, 'SIGKILL');
  };
  broker.on('error', brokerDied);
  broker.on('exit', () => brokerDied());

  const post = (order: ToBroker): void => port.postMessage(order);
  const send = (message: Omit<Message, 'src'>): void =>
    postMoved(port, message.payload, (payload) => ({ kind: 'send', message: { ...message, payload } }));
  let program: Program | undefined;
  const backlog: ToMain[] = [];

  const receive = (order: ToMain): void => {
    if (order.kind === 'message') program?.onMessage(order.message);
    else if (order.kind === 'setup') program = start(order);
    else {
      post({ kind: 'stopping' });
      void program?.stop().then(() => process.exit(0));
    }
  };
  const drain = (): void => {
    for (let order = backlog.shift(); order !== undefined; order = backlog.shift()) receive(order);
  };
  port.on('message', (order: ToMain) => {
    backlog.push(order);
    drain();
  });

  /** Blocks until the answer to a request has come; everything else waits for the event loop. */
  const askLate = (from: FarFile, specifier: string, importKind: ImportKind): ModuleTarget => {
    if (program === undefined) throw new TypeError('no program yet');
    let answer: Message | undefined;
    const replyTo = program.mailboxes.open(program.home, (message) => {
      answer = message;
    });
    const request = { kind: 'late', build: from.build, from: from.path, specifier, importKind };
    send({ dst: program.home, handle: HANDLE.GET_MODULE, replyTo, payload: encodeToBytes(request) });
    const deadline = Date.now() + LATE_MODULE_MS;
    while (answer === undefined && Date.now() < deadline) {
      const seen = Atomics.load(words, WORD.POSTED);
      const next = receiveMessageOnPort(port) as { message: ToMain } | undefined;
      if (next === undefined) Atomics.wait(words, WORD.POSTED, seen, WAIT_SLICE_MS);
      else if (next.message.kind === 'message' && next.message.message.handle === replyTo) program.mailboxes.receive(next.message.message);
      else backlog.push(next.message);
    }
    program.mailboxes.close(replyTo);
    if (backlog.length > 0) setImmediate(drain);
    return program.keepLate(specifier, answer);
  };

  const start = ({ id, setup }: Extract<ToMain, { kind: 'setup' }>): Program => {
    process.title = `resprout:${setup.name}`;
    Object.assign(process.env, setup.env);
    if (setup.cwd !== undefined) process.chdir(setup.cwd);
    process.setSourceMapsEnabled(true);
    const started = new Program({ id, setup, send, sleep: farSleep, importModule: (url) => import(url) as Promise<object> });
    started.importer = installHooks(started.store, FACE_NAMES, askLate);
    routeConsole((level, line) => post({ kind: 'log', level, text: started.store.clean(line) }));
    makeOutputBlocking();
    return started;
  };

  let uncaught: Pick<ExitingMessage, 'why' | 'error'> | undefined;
  process.on('uncaughtExceptionMonitor', (error, origin) => {
    cleanError(error, (line) => program?.store.clean(line) ?? line);
    uncaught = { why: origin === 'unhandledRejection' ? 'rejection' : 'error', error: program?.errorBytes(error) };
  });
  process.on('exit', (code) => {
    const payload = encodeToBytes({ why: 'exit', ...uncaught, code: code & 0xff });
    post({ kind: 'exit', payload });
    Atomics.wait(words, WORD.FLUSHED, 0, FLUSH_MS);
  });
}
