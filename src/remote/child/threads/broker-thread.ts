// The worker thread of a far process: it owns the descriptors of the link, so that nothing the program does can stop the answers.
import { fstatSync } from 'node:fs';
import { Socket } from 'node:net';
import { hostname } from 'node:os';
import { brotliDecompressSync } from 'node:zlib';
import { PROTOCOL_VERSION } from '../../../wire/frames/version.ts';
import { Broker } from '../core/broker.ts';
import { LineSplitter } from '../core/logs/line-splitter.ts';
import { fdLink } from './fd-link.ts';
import { type BrokerData, postMoved, type ToBroker, WORD } from './port.ts';
import { threadClock } from './thread-clock.ts';

const READ_FD = 3;
const SPLIT_WRITE_FD = 4;
const CAPTURED_FD = 5;
const TERM_TO_KILL_MS = 200;

/** Ends this process and its group. A group always holds only what the parent's connect started. */
function endAll(gently: boolean): void {
  if (gently) {
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => endAll(false), TERM_TO_KILL_MS);
    return;
  }
  process.kill(0, 'SIGKILL');
}

function isPipe(fd: number): boolean {
  try {
    return fstatSync(fd).isFIFO();
  } catch {
    return false;
  }
}

/** Runs the broker until the process ends. @param evaluate calls the text of an intermediary */
export function runBroker({ port, words, stdio }: BrokerData, evaluate: (text: string, boot: object) => void): void {
  const posted = (): void => {
    Atomics.add(words, WORD.POSTED, 1);
    Atomics.notify(words, WORD.POSTED);
  };
  const link = fdLink('the parent', READ_FD, stdio === 'duplex' ? READ_FD : SPLIT_WRITE_FD);
  const broker = new Broker({
    link,
    clock: threadClock,
    hello: {
      protocol: PROTOCOL_VERSION,
      pid: process.pid,
      uid: process.getuid?.() ?? 0,
      node: process.version,
      execPath: process.execPath,
      platform: process.platform,
      arch: process.arch,
      cwd: process.cwd(),
      hostname: hostname(),
    },
    toMain: (message) => {
      postMoved(port, message.payload, (payload) => ({ kind: 'message', message: { ...message, payload } }));
      posted();
    },
    setUp: (id, setup) => {
      port.postMessage({ kind: 'setup', id, setup });
      posted();
    },
    text: (bytes) => {
      postMoved(port, bytes, (moved) => ({ kind: 'text', bytes: moved }));
      posted();
    },
    extend: (bytes, router, ancestors) => {
      evaluate(brotliDecompressSync(bytes).toString(), { router, ancestors, clock: threadClock });
    },
    stopMain: () => {
      port.postMessage({ kind: 'stop' });
      posted();
    },
    endAll,
  });
  if (stdio === 'split' && isPipe(CAPTURED_FD)) {
    const lines = new LineSplitter((line) => broker.line('stdout', 'info', line));
    new Socket({ fd: CAPTURED_FD, readable: true, writable: false })
      .on('data', (bytes: Uint8Array) => lines.push(bytes))
      .on('error', () => lines.end());
  }
  port.on('message', (order: ToBroker) => {
    if (order.kind === 'send') broker.send(order.message);
    else if (order.kind === 'log') broker.line('console', order.level, order.text);
    else if (order.kind === 'stopping') broker.mainIsStopping();
    else {
      broker.lastWords(order.payload);
      // The captured output is in the pipe by now: one turn lets it through.
      setImmediate(() =>
        link.flush(() => {
          Atomics.store(words, WORD.FLUSHED, 1);
          Atomics.notify(words, WORD.FLUSHED);
        }),
      );
    }
  });
}
