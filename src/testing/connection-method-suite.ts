import assert from 'node:assert/strict';
import { brotliCompressSync } from 'node:zlib';
import { realClock } from '../platform/time/clock.ts';
import { realRandom } from '../platform/random.ts';
import type { Dialled, DialRequest, FarStdio, Recipe } from '../remote/connect/index.ts';

/** A connection method under test, with a recipe that opens a context by it. */
export interface ConnectionMethodSubject {
  readonly recipe: Recipe;
  readonly farStdio: FarStdio;
  readonly dial: (request: DialRequest) => Promise<Dialled>;
  /** Environment of this process. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** One thing that every connection method does. */
export interface Behaviour {
  /** `C1: …`; numbers are never used again. */
  readonly title: string;
  /** @throws AssertionError when it does not */
  readonly run: () => Promise<void>;
}

const ECHO_BYTES = 4 * 1024 * 1024;
const LIMIT_MS = 15_000;

/** The far core of the suite: reports what it sees as one JSON line, writes to its stdout and stderr, then echoes; ends with its link. */
function core(stdio: FarStdio): Uint8Array {
  return brotliCompressSync(`
const { fstatSync, writeSync } = require('fs'), { Socket } = require('net');
const isDuplex = ${stdio === 'duplex'};
const input = new Socket({ fd: 3, readable: true, writable: isDuplex });
const output = isDuplex ? input : new Socket({ fd: 4, readable: false, writable: true });
const open = require('child_process').execFileSync('sh', ['-c', 'for f in 3 4 5; do (true <&$f) 2>/dev/null && echo $f; done; true'],
  { stdio: ['ignore', 'pipe', 'ignore'] }).toString().split('\\n').filter(Boolean);
output.write(JSON.stringify({ version: process.versions.node, pid: process.pid, stdinIsNull: fstatSync(0).isCharacterDevice(), inherited: open }) + '\\n');
writeSync(1, 'user text on stdout\\n'); writeSync(2, 'user text on stderr\\n');
input.on('data', (bytes) => { if (!output.write(bytes)) { input.pause(); output.once('drain', () => input.resume()); } });
input.on('end', () => process.exit(0));`);
}

/** What the core reports. */
interface Report {
  readonly version: string;
  readonly pid: number;
  readonly stdinIsNull: boolean;
  /** Which of the descriptors 3 to 5 a child of the core got. */
  readonly inherited: readonly string[];
}

/** Fails when the promise takes longer than 15 s. */
async function soon<T>(promise: Promise<T>, what: string): Promise<T> {
  const late = new AbortController();
  const timer = realClock.sleep(LIMIT_MS, late.signal).then(
    () => assert.fail(`${what} took more than ${LIMIT_MS / 1000} s`),
    () => undefined as never,
  );
  try {
    return await Promise.race([promise, timer]);
  } finally {
    late.abort();
  }
}

/** A dialled process whose bytes are read. */
class Open {
  readonly dialled: Dialled;
  readonly closed: Promise<string>;
  #text = Buffer.alloc(0);
  #wake: () => void = () => {};

  constructor(dialled: Dialled) {
    this.dialled = dialled;
    dialled.stdout?.onData(() => {});
    dialled.stderr?.onData(() => {});
    dialled.link.onData((bytes) => {
      this.#text = Buffer.concat([this.#text, bytes]);
      this.#wake();
    });
    this.closed = new Promise((resolve) =>
      dialled.link.onClose((reason) => {
        resolve(reason);
        this.#wake();
      }),
    );
  }

  /** The next `count` bytes, or the line up to and with its end. */
  async take(until: number | 'line'): Promise<Buffer> {
    for (;;) {
      const end = until === 'line' ? this.#text.indexOf(0x0a) + 1 : until;
      if (end > 0 && this.#text.length >= end) {
        const taken = this.#text.subarray(0, end);
        this.#text = this.#text.subarray(end);
        return taken;
      }
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  async report(): Promise<Report> {
    return JSON.parse((await soon(this.take('line'), 'the first line of the core')).toString()) as Report;
  }
}

/** What every connection method does, to be run one after the other. Needs no test runner. */
export function connectionMethodBehaviours(subject: ConnectionMethodSubject): readonly Behaviour[] {
  const { recipe, farStdio, dial, env } = subject;
  const request = (wish: Partial<DialRequest> = {}): DialRequest => ({
    recipe,
    boot: core(farStdio),
    onLine: () => {},
    signal: new AbortController().signal,
    seams: { clock: realClock, random: realRandom, env },
    ...wish,
  });
  const withOpen = async (use: (open: Open) => Promise<void>): Promise<void> => {
    const open = new Open(await dial(request()));
    try {
      await use(open);
    } finally {
      await open.dialled.kill();
    }
  };
  return [
    {
      title: 'C1: the first bytes of the link are those of the core, and it runs on the Node that was reported',
      run: () =>
        withOpen(async (open) => {
          const report = await open.report();
          assert.equal(open.dialled.node.version, report.version);
          assert.ok(open.dialled.node.path.length > 0);
          assert.ok(open.dialled.remainingMs > 0);
        }),
    },
    {
      title: 'C2: any bytes pass both ways, in order, while the far program writes to its own streams',
      run: () =>
        withOpen(async (open) => {
          await open.report();
          const sent = realRandom.bytes(ECHO_BYTES);
          for (let at = 0; at < sent.length; at += 65_536) open.dialled.link.send(sent.subarray(at, at + 65_536));
          const got = await soon(open.take(ECHO_BYTES), 'the echo');
          assert.ok(got.equals(sent), 'the echo differs');
        }),
    },
    {
      title: 'C3: the far stdin is /dev/null, and children of the far program get no descriptor of the link',
      run: () =>
        withOpen(async (open) => {
          const { stdinIsNull, inherited } = await open.report();
          assert.deepEqual({ stdinIsNull, inherited }, { stdinIsNull: true, inherited: [] });
        }),
    },
    {
      title: 'C4: closing the link ends the far program, and the end is reported',
      run: () =>
        withOpen(async (open) => {
          await open.report();
          open.dialled.link.close();
          await soon(open.closed, 'the end of the link');
          assert.deepEqual(await soon(open.dialled.exited, 'the end of the process'), { code: 0, signal: null });
        }),
    },
    {
      title: 'C5: kill ends a far program at once, before it has said anything, and may be called again',
      run: async () => {
        const open = new Open(await dial(request()));
        await soon(open.dialled.kill(), 'kill');
        await soon(open.dialled.kill(), 'kill again');
        await soon(open.dialled.exited, 'the end of the process');
        assert.equal(open.dialled.link.send(Buffer.from('dropped')), true);
      },
    },
    {
      title: 'C6: an aborted signal rejects with its reason, before and during the attempt',
      run: async () => {
        await assert.rejects(dial(request({ signal: AbortSignal.abort(new Error('stop before')) })), /stop before/);
        const stop = new AbortController();
        const attempt = dial(request({ signal: stop.signal }));
        stop.abort(new Error('stop during'));
        // A method that was faster than the signal has opened: then it can be ended.
        const outcome = await soon(
          attempt.then(
            async (dialled) => await dialled.kill(),
            (error: unknown) => error,
          ),
          'the aborted attempt',
        );
        if (outcome instanceof Error) assert.equal(outcome.message, 'stop during');
        else assert.equal(outcome, undefined);
      },
    },
    {
      title: 'C7: what the far program says last is among the last words or on a stream that the parent reads',
      run: async () => {
        const boot = brotliCompressSync(`require('fs').writeSync(2,'a last word\\n');process.exit(9)`);
        const lines: string[] = [];
        const dialled = await dial(request({ boot, onLine: ({ text }) => lines.push(text) }));
        dialled.stdout?.onData(() => {});
        dialled.stderr?.onData(() => {});
        dialled.link.onData(() => {});
        const ended = new Promise<void>((resolve) => (dialled.stderr === undefined ? resolve() : dialled.stderr.onEnd(resolve)));
        assert.equal((await soon(dialled.exited, 'the end of the process')).code, 9);
        await soon(ended, 'the end of stderr');
        assert.ok(dialled.lastWords().includes('a last word'), JSON.stringify([dialled.lastWords(), lines]));
        await dialled.kill();
      },
    },
  ];
}
