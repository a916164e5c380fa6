// What reads bytes of a far side, of a runner, or of a disk, and what it may do with any bytes: give something, or refuse them with a code.
import type { Link } from '../../src/base/seams/link.ts';
import type { JournalEvent } from '../../src/durable/journal/events/event.ts';
import { decodeRowBytes, encodeRowBytes } from '../../src/durable/journal/events/row-codec.ts';
import { parseEnded as parseRunEnd, parseFarModuleRequest, parseStart } from '../../src/durable/journal/runner/runner-messages.ts';
import { decodeRecorded } from '../../src/durable/journal/values/recorded-value.ts';
import { nodeKinds } from '../../src/platform/values/node-kinds.ts';
import { Channels } from '../../src/remote/child/core/channels/channels.ts';
import { Crossing } from '../../src/remote/child/core/calls/crossing.ts';
import { Mailboxes } from '../../src/remote/child/core/messages/mailboxes.ts';
import {
  deadText,
  parseExiting,
  parseHello,
  parseLog,
  parseNeed,
  parsePull,
  parseResult,
  parseStep,
} from '../../src/remote/child/core/messages/parse.ts';
import { Router } from '../../src/remote/child/core/routing/router.ts';
import { MarkerScanner } from '../../src/remote/connect/start/marker.ts';
import { parseAbout, parseAsk, parseEnded, parsePush } from '../../src/remote/intermediary/connect-messages.ts';
import { encodeFrame } from '../../src/wire/frames/frame.ts';
import { FrameReader } from '../../src/wire/frames/frame-reader.ts';
import { HANDLE } from '../../src/wire/frames/handles.ts';
import { decodeValue } from '../../src/wire/values/value-decode.ts';
import { encodeToBytes } from '../../src/wire/values/value-encode.ts';

/** Something that reads bytes. */
export interface Target {
  readonly name: string;
  /** Valid bytes, to be changed. */
  readonly seeds: readonly Uint8Array[];
  /** Reads bytes; throws a coded error, or gives anything. */
  read(bytes: Uint8Array): unknown;
  /** Whether any of its bytes may be refused at all: a scanner takes everything. */
  readonly refuses: boolean;
}

const shared = { x: 1 };
const VALUES: readonly unknown[] = [
  { id: 7, fn: 'upgrade', args: ['2.4.1', { hosts: ['a', 'b'], force: true }], at: 1.5, shared, again: shared },
  [new Map<unknown, unknown>([['k', new Set([1, 'two', 3n])]]), new Date(0), /a+(b)/gi, new URL('https://a/b?c')],
  [new Uint8Array(40), new Float64Array(4), new ArrayBuffer(9), new DataView(new ArrayBuffer(3)), 12345678901234567890n],
  Object.assign(new AggregateError([new TypeError('x')], 'all', { cause: new Error('y') }), { code: 'E', list: [1, undefined, null] }),
  ['\ud800 lone', 'héé'.repeat(40), 'x'.repeat(200), -1, -0, NaN, Object.assign([1], { f: 2 })],
];
const values = VALUES.map((value) => encodeToBytes(value));

const message = (...each: readonly unknown[]): Uint8Array[] => each.map((value) => encodeToBytes(value));
const id = (value: number): never => value as never;

function crossing(): Crossing {
  const mailboxes = new Mailboxes(id(0));
  const send = (): void => {};
  const channels = new Channels({ mailboxes, send });
  return new Crossing({ channels, send, context: (reference) => reference }, id(1), new Map(), { lost: () => new Error('lost') });
}

const SILENT: Link = {
  name: 'mutant',
  send: () => true,
  onData: () => {},
  onDrain: () => {},
  onClose: () => {},
  pause: () => {},
  resume: () => {},
  close: () => {},
};

function routed(bytes: Uint8Array): void {
  let feed: (piece: Uint8Array) => void = () => {};
  const router = new Router({ id: id(0), ancestors: [], unidirectional: true, toMain: () => true });
  for (const handle of [HANDLE.HELLO, HANDLE.LOG, HANDLE.GET_MODULE]) router.on(handle, 'child', ({ payload }) => parseHello(payload));
  router.addChild({ ...SILENT, onData: (handler) => void (feed = handler) }, id(1), () => {});
  const cut = bytes.length >> 1;
  feed(bytes.subarray(0, cut));
  feed(bytes.subarray(cut));
}

const frames = [HANDLE.HELLO, HANDLE.TRANSFER, HANDLE.TRANSFER_DATA, HANDLE.DEL_ROUTE, HANDLE.LOG, 5000, 0x4000_0000].map((handle, n) =>
  encodeFrame({ dst: 0, src: 1, auth: 1, handle, replyTo: n * 1000, payload: values[n % values.length] ?? new Uint8Array() }),
);

const hello = { protocol: 1, pid: 1, uid: 0, node: '26.10.0', execPath: '/n', platform: 'linux', arch: 'x64', cwd: '/', hostname: 'h' };
const report = { how: 'lost', reason: 'why', exitCode: 1, signal: 'SIGKILL', lastLines: ['a'], error: new Uint8Array(3) };
const question = { kind: 'password', who: 'a@b', text: 'Password:', fingerprint: 'SHA256:x', isSecret: true };

const need = { kind: 'late', build: 'b', from: '/p/a.ts', specifier: './b', importKind: 'i', serve: ['x/**'] };
const start = {
  session: 'ses_1',
  mode: 'record',
  strict: true,
  repeatUnknown: false,
  build: 'b',
  buildsFolder: '/s/builds',
  file: '/p/a.ts',
  exportName: 'main',
  folder: '/p',
  argv: ['x'],
  env: { A: 'b' },
  secretKey: new Uint8Array(32),
  recorded: 3,
};
const ended = { session: 'ses_1', how: 'failed', bytes: new Uint8Array(9), exitCode: 1, dropped: ['x'], events: 5, replayed: 2 };

const site = { id: 'a:1:1', file: 'a.ts', line: 1, column: 1 };
const EVENTS: readonly JournalEvent[] = [
  { t: 'call', id: 0, delivered: 0, printed: undefined, fn: 'f', context: 'web-1', site, argsHash: 'h', atMs: 1, atMostOnce: true },
  { t: 'timer', id: 1, delivered: 0, printed: 7, site, dueMs: 5, atMs: 1 },
  { t: 'done', id: 0, atMs: 2, outcome: { kind: 'value', bytes: values[0] ?? new Uint8Array() } },
  { t: 'done', id: 1, atMs: 2, outcome: { kind: 'error', bytes: values[3] ?? new Uint8Array() } },
  { t: 'event', object: 1, name: 'data', atMs: 3, value: values[2] ?? new Uint8Array() },
];

const target = (name: string, seeds: readonly Uint8Array[], read: Target['read'], refuses = true): Target => ({
  name,
  seeds,
  read,
  refuses,
});

/** All of them. */
export const TARGETS: readonly Target[] = [
  target('values', values, (bytes) => decodeValue(bytes)),
  target('values of a call', values, (bytes) => crossing().decode(bytes)),
  target('errors of a call', values, (bytes) => crossing().decodeError(bytes, true)),
  target('recorded values', values, (bytes) => decodeRecorded(bytes, { kinds: nodeKinds })),
  target('frames', frames, (bytes) => new FrameReader().push(bytes)),
  target('routing', frames, routed, false),
  target('hello', message(hello), parseHello),
  target('result', message({ ok: true, bytes: new Uint8Array(5) }), parseResult),
  target('credit', message({ channel: 1, credit: 4, stop: false }), parsePull),
  target('step', message({ channel: 1, kind: 'next', bytes: new Uint8Array(5) }), parseStep),
  target('late module', message({ kind: 'late', build: 'b', from: '/p/a.ts', specifier: './b', importKind: 'i' }), parseNeed),
  target('last words', message({ why: 'error', code: 7, error: new Uint8Array(5) }), parseExiting),
  target('log', message({ lines: [['stdout', 'info', 'x']], dropped: 2, about: 3 }), parseLog),
  target('end below', message({ id: 3, report }), parseEnded),
  target('question', message({ id: 3, question }), parseAsk),
  target('push', message({ id: 3, told: 'system Linux x86_64' }), parsePush),
  target('route', message({ id: 3 }), parseAbout),
  target('negative answer', message('gone', 'x'.repeat(2000)), deadText, false),
  target(
    'marker',
    [Buffer.from('noise mX ok /usr/bin/node v26.0.0\nrest'), Buffer.from('mX no /a v1;/b ?; Linux x\n')],
    (bytes) => new MarkerScanner('mX').push(bytes),
    false,
  ),
  target('start of a run', message(start), (bytes) => parseStart(decodeValue(bytes))),
  target('end of a run', message(ended), (bytes) => parseRunEnd(decodeValue(bytes))),
  target(
    'rows',
    EVENTS.map((event) => encodeRowBytes([event])),
    (bytes) => decodeRowBytes(bytes, 1),
  ),
  target('module of a far side', message({ request: need, have: ['/p/a.ts'] }), (bytes) => parseFarModuleRequest(decodeValue(bytes))),
];
