// A far side that keeps to no rule: it takes the place of Node, speaks frames by itself, and sends what its environment says. Started as
// `node hostile-far.ts …`, where the core would be started with `-e`.
import { Socket } from 'node:net';
import { encodeFrame } from '../../../src/wire/frames/frame.ts';
import { FrameReader } from '../../../src/wire/frames/frame-reader.ts';
import { DEAD, HANDLE } from '../../../src/wire/frames/handles.ts';
import { decodeValue } from '../../../src/wire/values/value-decode.ts';
import { encodeToBytes } from '../../../src/wire/values/value-encode.ts';

if (process.argv.includes('-v')) {
  console.log('v26.10.0');
  process.exit(0);
}

/** Payloads of every shape, for handles that expect some other one. */
function shapes(): Uint8Array[] {
  const values: unknown[] = [
    undefined,
    null,
    0,
    -1,
    2 ** 40,
    '',
    'text',
    [],
    {},
    [[]],
    { id: -1 },
    { id: 'x', ok: 1, bytes: 'x' },
    { id: 1, bytes: new Uint8Array(3), ok: true, channel: 1, credit: 9e15, kind: 'next' },
    { channel: 1, kind: 'error', bytes: new Uint8Array([255]) },
    { target: 1, kind: 'call', reason: new Uint8Array([255]) },
    { why: 'exit', code: 1e9, error: 5 },
    { lines: [[]], dropped: 0 },
    { lines: [['stdout', 'info', 5]], dropped: 'x' },
    { kind: 'late', build: '', from: '', specifier: '', importKind: 'z' },
    { id: 1, question: { kind: 'password', who: 5, text: {} } },
    { id: 1, report: { lastLines: [1, {}], exitCode: {}, how: 'no', reason: '' } },
    { id: 7, handle: 0x4000_0000, replyTo: 0, bytes: 2 ** 31 },
    new Map([[{}, {}]]),
    new Map([['then', 3]]),
    JSON.parse('{"__proto__":1,"constructor":2,"then":3}') as unknown,
  ];
  const raw = ['', 'ff', '0b0001866c656e67746841', '0bffffffff0f', '0e8080808010', '13ff', '00'.repeat(64), 'ff'.repeat(64)];
  return [...values.map((value) => encodeToBytes(value)), ...raw.map((hex) => new Uint8Array(Buffer.from(hex, 'hex')))];
}

const skipped = Number(/n=(\d+)/.exec(process.argv.at(-1) ?? '')?.[1] ?? 0) + 1;
const handles = (process.env['HOSTILE_HANDLES'] ?? '')
  .split(',')
  .filter((text) => text !== '')
  .map(Number);
const link = new Socket({ fd: 3 });
const reader = new FrameReader();
let toSkip = skipped;
let me = 0;
const send = (handle: number, payload: Uint8Array, replyTo = 0, dst = 0): void =>
  void link.write(encodeFrame({ dst, src: me, auth: me, handle, replyTo, payload }));
const hello = { protocol: 1, pid: 1, uid: 0, node: '26.10.0', execPath: '', platform: '', arch: '', cwd: '/', hostname: '' };

link.on('data', (bytes: Buffer) => {
  const skip = Math.min(toSkip, bytes.length);
  toSkip -= skip;
  for (const { dst, handle, payload, replyTo } of reader.push(new Uint8Array(bytes.subarray(skip)))) {
    if (handle === HANDLE.SETUP) {
      me = dst;
      send(HANDLE.HELLO, encodeToBytes(hello));
    } else if (handle === HANDLE.SHUTDOWN) process.exit(0);
    else if (handle === HANDLE.PING) send(replyTo, new Uint8Array(0));
    else if (handle === HANDLE.CALL) {
      for (const each of handles)
        for (const shape of shapes()) for (const to of [0, 5, 0x4000_0000, DEAD]) send(each === 0 ? replyTo + 1 : each, shape, to);
      // An answer of its own to the call, in every shape, is an answer: then the true one comes too late.
      const answer = decodeValue(payload) as { readonly label: string };
      setTimeout(() => send(replyTo, encodeToBytes({ ok: true, bytes: encodeToBytes(`still here: ${answer.label}`) })), 50);
    }
  }
});
link.on('error', () => process.exit(0));
link.on('close', () => process.exit(0));
