// The worker thread of a far process: it owns the descriptors of the link, so that nothing the program does can stop the answers.
import { fstatSync, readSync } from 'node:fs';
import { Socket } from 'node:net';
import { hostname } from 'node:os';
import { brotliDecompressSync } from 'node:zlib';
import { PROTOCOL_VERSION } from '../../../wire/frames/version.ts';
import { Broker } from '../core/broker.ts';
import { LineSplitter } from '../core/logs/line-splitter.ts';
import { fdLink } from './fd-link.ts';
import { endRestOfGroup } from './own-group.ts';
import { type BrokerData, Outbox, type ToBroker, type ToMain, WORD } from './port.ts';
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

/** The working folder; empty when it was removed. */
function folder(): string {
  try {
    return process.cwd();
  } catch {
    return '';
  }
}

function isPipe(fd: number): boolean {
  try {
    return fstatSync(fd).isFIFO();
  } catch {
    return false;
  }
}

/** Reads what is left in the pipe of captured output, which nobody writes to any more; the last line may have no end. */
function drain(lines: LineSplitter): void {
  const piece = new Uint8Array(65_536);
  try {
    for (let count = 1; count > 0;) {
      count = readSync(CAPTURED_FD, piece);
      lines.push(piece.subarray(0, count));
    }
  } catch {
    // It is empty, and this process itself still holds its other end.
  }
  lines.end();
}

/** Runs the broker until the process ends. @param evaluate calls the text of an intermediary */
export function runBroker({ port, words, stdio }: BrokerData, evaluate: (text: string, boot: object) => void): void {
  const outbox = new Outbox<ToMain>(port, () => {
    Atomics.add(words, WORD.POSTED, 1);
    Atomics.notify(words, WORD.POSTED);
  });
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
      cwd: folder(),
      hostname: hostname(),
    },
    toMain: (message) => outbox.put({ kind: 'message', message }),
    setUp: (id, setup) => outbox.put({ kind: 'setup', id, setup }),
    text: (bytes) => outbox.put({ kind: 'text', bytes }),
    extend: (bytes, router, ancestors) => {
      evaluate(brotliDecompressSync(bytes).toString(), { router, ancestors, clock: threadClock, link });
    },
    stopMain: () => outbox.put({ kind: 'stop' }),
    endAll,
  });
  const lines = new LineSplitter((line) => broker.line('stdout', 'info', line));
  const isCaptured = stdio === 'split' && isPipe(CAPTURED_FD);
  if (isCaptured) {
    new Socket({ fd: CAPTURED_FD, readable: true, writable: false })
      .on('data', (bytes: Uint8Array) => lines.push(bytes))
      .on('error', () => lines.end());
  }
  const take = (order: ToBroker): void => {
    if (order.kind === 'send') broker.send(order.message);
    else if (order.kind === 'log') broker.line('console', order.level, order.text);
    else if (order.kind === 'stopping') broker.mainIsStopping();
    else {
      // Whoever else could print is gone first; then what they printed is in the pipe.
      const isAlone = endRestOfGroup();
      if (isCaptured) drain(lines);
      broker.lastWords(order.payload);
      link.flush(() => {
        if (!isAlone) endAll(false);
        Atomics.store(words, WORD.FLUSHED, 1);
        Atomics.notify(words, WORD.FLUSHED);
      });
    }
  };
  port.on('message', (orders: readonly ToBroker[]) => orders.forEach(take));
}
