// The main thread of a far process: user code. It may block; the broker thread answers meanwhile.
import { writeSync } from 'node:fs';
import { MessageChannel, SHARE_ENV, Worker } from 'node:worker_threads';
import { brotliDecompressSync } from 'node:zlib';
import { encodeToBytes } from '../../../wire/values/value-encode.ts';
import type { ExitingMessage, Message } from '../core/messages/messages.ts';
import { type BrokerData, Outbox, type ToBroker, type ToMain, WORD } from './port.ts';
import type { RunningProgram, startProgram } from './program-thread.ts';

const FLUSH_MS = 5000;
/** What our askpass helper and its tools were started with; nothing of it is for the program. */
const ASK_VARIABLES = ['NODE_OPTIONS', 'RESPROUT_ASK', 'SSH_ASKPASS', 'SSH_ASKPASS_REQUIRE', 'SUDO_ASKPASS'];

/** Calls `last` when everybody who listens for the end of the process has been called: what they print and start belongs to it. */
function atVeryEnd(last: (code: number) => void): void {
  const { emit } = process;
  let isOver = false;
  process.emit = ((name: string, ...args: unknown[]) => {
    try {
      return Reflect.apply(emit, process, [name, ...args]) as boolean;
    } finally {
      if (name === 'exit' && !isOver) {
        isOver = true;
        last(Number(process.exitCode ?? args[0] ?? 0));
      }
    }
  }) as typeof process.emit;
}

/** Starts the broker, then serves calls until the process ends. @param loadProgram evaluates the second part of the core */
export function runMain(text: string, stdio: BrokerData['stdio'], loadProgram: (text: string) => Promise<typeof startProgram>): void {
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

  const outbox = new Outbox<ToBroker>(port);
  const send = (message: Omit<Message, 'src'>): void => outbox.put({ kind: 'send', message });
  // At once: whatever prints or ends may block next.
  const post = (order: ToBroker): void => {
    outbox.put(order);
    outbox.flush();
  };
  let setUp: Extract<ToMain, { kind: 'setup' }> | undefined;
  let program: RunningProgram | undefined;
  const backlog: ToMain[] = [];

  const drain = (): void => {
    while (program !== undefined) {
      const order = backlog.shift();
      if (order === undefined) return;
      if (order.kind === 'message') program.onMessage(order.message);
      else if (order.kind === 'stop') void program.stop().then(() => process.exit(0));
    }
  };
  const later = (order: ToMain): void => {
    backlog.push(order);
    setImmediate(drain);
  };
  const start = async (bytes: Uint8Array): Promise<void> => {
    const begin = await loadProgram(brotliDecompressSync(bytes).toString());
    if (setUp === undefined) throw new TypeError('no setup came before the text');
    program = begin({ id: setUp.id, setup: setUp.setup, port, words, send, flush: () => outbox.flush(), post, later });
    drain();
  };
  port.on('message', (orders: readonly ToMain[]) => {
    for (const order of orders) {
      if (order.kind === 'setup') setUp = order;
      else if (order.kind === 'text') void start(order.bytes);
      else backlog.push(order);
      if (order.kind === 'stop') post({ kind: 'stopping' });
    }
    drain();
  });

  let uncaught: Pick<ExitingMessage, 'why' | 'error'> | undefined;
  process.on('uncaughtExceptionMonitor', (error, origin) => {
    uncaught = { why: origin === 'unhandledRejection' ? 'rejection' : 'error', error: program?.errorBytes(error) };
  });
  atVeryEnd((code) => {
    post({ kind: 'exit', payload: encodeToBytes({ why: 'exit', ...uncaught, code: code & 0xff }) });
    Atomics.wait(words, WORD.FLUSHED, 0, FLUSH_MS);
  });
}
