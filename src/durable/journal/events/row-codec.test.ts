import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { codeOf } from '../../../base/errors/errors.ts';
import type { JournalEvent } from './event.ts';
import { decodeRowBytes, encodeEvent, encodeRowBytes, joinEvents, parseEvent, splitRowBytes } from '../index.ts';

interface Vectors {
  readonly rows: readonly { readonly events: readonly unknown[]; readonly hex: string }[];
  readonly version1: readonly { readonly events: readonly unknown[]; readonly hex: string }[];
  readonly refused: readonly { readonly name: string; readonly count: number; readonly hex: string }[];
}

const bytesOf = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));

/** Hex text of a row of version 1, before its bytes were revived. */
const hexOf = (text: string, index: number): string => (JSON.parse(text) as Vectors).version1[index]?.hex ?? '';

/** Bytes stand in the vectors as `{ hex }`. */
function revive(_key: string, value: unknown): unknown {
  const isBytes = typeof value === 'object' && value !== null && Object.keys(value).join() === 'hex';
  return isBytes ? bytesOf((value as { hex: string }).hex) : value;
}

test('encodeRowBytes() and decodeRowBytes() agree with test/vectors/rows.json', () => {
  const text = readFileSync(new URL('../../../../test/vectors/rows.json', import.meta.url), 'utf8');
  const hexes = (JSON.parse(text) as Vectors).rows.map((row) => row.hex);
  const { rows, version1, refused } = JSON.parse(text, (key, value: unknown) => (key === '' ? value : revive(key, value))) as Vectors;
  const kinds = new Set<string>();
  for (const [index, row] of rows.entries()) {
    const events = row.events as readonly JournalEvent[];
    for (const event of events) kinds.add(event.t);
    assert.equal(Buffer.from(encodeRowBytes(events)).toString('hex'), hexes[index]);
    assert.deepEqual(decodeRowBytes(bytesOf(hexes[index] ?? ''), events.length), events);
  }
  assert.equal(kinds.size, 17, 'every kind of event has a vector');
  for (const [index, row] of version1.entries())
    assert.deepEqual(decodeRowBytes(bytesOf(hexOf(text, index)), row.events.length), row.events);
  for (const { name, count, hex } of refused)
    assert.throws(
      () => decodeRowBytes(bytesOf(hex), count),
      (error) => codeOf(error) === 'JOURNAL_CORRUPT',
      name,
    );
});

const record = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc.record(model, { noNullPrototype: true }) as fc.Arbitrary<T>;
const ms = fc.double({ noNaN: true, noDefaultInfinity: true });
const id = fc.nat();
const bytes = fc.uint8Array({ maxLength: 20 });
const site = record({ id: fc.string(), file: fc.string(), line: fc.nat(), column: fc.nat() });
const outcome = fc.oneof(
  record({ kind: fc.constant('value' as const), bytes }),
  record({ kind: fc.constant('error' as const), bytes }),
  record({ kind: fc.constant('live' as const), className: fc.string() }),
);
const events: fc.Arbitrary<JournalEvent> = fc.oneof(
  record({
    t: fc.constant('call' as const),
    id,
    delivered: id,
    fn: fc.string(),
    context: fc.string(),
    site,
    argsHash: fc.string(),
    atMs: ms,
  }),
  record({
    t: fc.constant('sync' as const),
    id,
    delivered: id,
    printed: id,
    fn: fc.string(),
    site,
    argsHash: fc.string(),
    atMs: ms,
    outcome,
  }),
  record({ t: fc.constant('timer' as const), id, delivered: id, site, dueMs: ms, atMs: ms }),
  record({
    t: fc.constant('open' as const),
    id,
    delivered: id,
    object: id,
    fn: fc.string(),
    site,
    argsHash: fc.string(),
    atMs: ms,
    facts: bytes,
  }),
  record({ t: fc.constant('effect' as const), id, delivered: id, object: id, name: fc.string(), size: id, atMs: ms }),
  record({ t: fc.constant('event' as const), object: id, name: fc.string(), atMs: ms, value: bytes }),
  record({ t: fc.constant('hop' as const), object: id, atMs: ms }),
  record({ t: fc.constant('done' as const), id, atMs: ms, outcome }),
  record({ t: fc.constant('cb' as const), id, index: id, atMs: ms, args: bytes }),
  record({ t: fc.constant('signal' as const), name: fc.string(), value: bytes, atMs: ms }),
  record({ t: fc.constant('cancel' as const), atMs: ms }),
  record({ t: fc.constant('rewind' as const), atMs: ms, to: id, kept: fc.array(id), timers: fc.array(id) }),
  record({ t: fc.constant('fork' as const), atMs: ms, from: fc.string(), at: id, given: id }),
  record({ t: fc.constant('given' as const), id, atMs: ms, bytes }),
  record({
    t: fc.constant('end' as const),
    atMs: ms,
    how: fc.constantFrom('done' as const, 'failed' as const),
    bytes,
    dropped: fc.array(fc.string()),
  }),
);

test('decodeRowBytes() gives back the events of any row', () => {
  fc.assert(
    fc.property(fc.array(events, { maxLength: 6 }), (list) => {
      const row = encodeRowBytes(list);
      assert.deepEqual(decodeRowBytes(row, list.length), list);
      assert.deepEqual(joinEvents(splitRowBytes(row, list.length)), row);
    }),
  );
});

test('decodeRowBytes() meets 20,000 mutants with events or JOURNAL_CORRUPT', () => {
  const place = { id: 'a/0', file: 'a.ts', line: 1, column: 2 };
  const list: JournalEvent[] = [
    { t: 'call', id: 0, delivered: 0, fn: 'f', site: place, argsHash: 'x', atMs: 1 },
    { t: 'done', id: 0, atMs: 2, outcome: { kind: 'value', bytes: new Uint8Array([0x41]) } },
    { t: 'end', atMs: 3, how: 'done', bytes: new Uint8Array([0]), dropped: ['f'], exitCode: 0 },
  ];
  const row = encodeRowBytes(list);
  let state = 1;
  const random = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 0x1_0000_0000) * below);
  };
  let refused = 0;
  for (let round = 0; round < 20_000; round++) {
    const mutant = row.slice();
    for (let change = random(3); change >= 0; change--) mutant[random(mutant.length)] = random(256);
    try {
      decodeRowBytes(mutant, 3);
    } catch (error) {
      assert.equal(codeOf(error), 'JOURNAL_CORRUPT', String(error));
      refused++;
    }
  }
  assert.ok(refused > 5000 && refused < 20_000, String(refused));
});

test('parseEvent() refuses every field of a wrong type, and a start event of a later version', () => {
  const call = [11, 0, 3, 4, 'f', 'web-1', ['s', 'a.ts', 1, 2], 'h', 5, false];
  assert.equal(parseEvent(call).t, 'call');
  for (let index = 0; index < call.length; index++) {
    const wrong: unknown[] = [...call];
    wrong[index] = typeof call[index] === 'number' ? 'text' : 17.5;
    assert.throws(
      () => parseEvent(wrong),
      (error) => codeOf(error) === 'JOURNAL_CORRUPT',
      `field ${index}`,
    );
  }
  const start = [10, 4, 1, 's', new Uint8Array(32), 'b', '/f', 'default', '/', [], new Uint8Array(1), {}];
  assert.throws(() => parseEvent(start), /version 4/);
  assert.throws(() => parseEvent(['toString']), /unknown kind toString$/);
  assert.throws(() => parseEvent([22, 1]), /unknown kind 22; a later version/);
});

test('encodeEvent() refuses an event that no row may hold', () => {
  const event: JournalEvent = { t: 'done', id: 0, atMs: 0, outcome: { kind: 'value', bytes: new Uint8Array(18 * 1024 * 1024) } };
  assert.throws(
    () => encodeEvent(event),
    (error) => codeOf(error) === 'JOURNAL_VALUE_TOO_LARGE',
  );
});
