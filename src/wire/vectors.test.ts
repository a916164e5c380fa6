// The vectors are the contract: they change only together with PROTOCOL_VERSION (docs/protocol.md).
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { runInThisContext } from 'node:vm';
import { graphDifference } from '../../test/support/same-graph.ts';
import { codeOf } from '../base/errors/errors.ts';
import { FrameReader, decodeValue, encodeFrame, encodeToBytes } from './index.ts';

const read = <T>(name: string): T => JSON.parse(readFileSync(new URL(`../../test/vectors/${name}`, import.meta.url), 'utf8')) as T;
const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
const hex = (content: Uint8Array): string => Buffer.from(content).toString('hex');

interface Refused {
  readonly name: string;
  readonly hex: string;
  readonly code: string;
}

interface FrameVectors {
  readonly frames: readonly {
    readonly name: string;
    readonly frame: {
      readonly dst: number;
      readonly src: number;
      readonly auth: number;
      readonly handle: number;
      readonly replyTo: number;
    };
    readonly payload: string;
    readonly hex: string;
  }[];
  readonly refused: readonly Refused[];
}

interface ValueVectors {
  readonly values: readonly { readonly js: string; readonly hex: string }[];
  readonly refused: readonly Refused[];
}

test('encodeFrame() and FrameReader agree with test/vectors/frames.json', () => {
  const { frames, refused } = read<FrameVectors>('frames.json');
  assert.ok(frames.length >= 4);
  for (const vector of frames) {
    const frame = { ...vector.frame, payload: bytes(vector.payload) };
    assert.equal(hex(encodeFrame(frame)), vector.hex, vector.name);
    const [found] = new FrameReader().push(bytes(vector.hex));
    assert.deepEqual({ ...found, payload: new Uint8Array(found?.payload ?? []) }, frame, vector.name);
  }
  for (const vector of refused)
    assert.throws(
      () => new FrameReader().push(bytes(vector.hex)),
      (error) => codeOf(error) === vector.code,
      vector.name,
    );
});

test('encodeToBytes() and decodeValue() agree with test/vectors/values.json', () => {
  const { values, refused } = read<ValueVectors>('values.json');
  assert.ok(values.length >= 60);
  for (const vector of values) {
    const value: unknown = runInThisContext(`(${vector.js})`);
    assert.equal(hex(encodeToBytes(value)), vector.hex, vector.js);
    assert.equal(graphDifference(decodeValue(bytes(vector.hex)), value), undefined, vector.js);
  }
  for (const vector of refused)
    assert.throws(
      () => decodeValue(bytes(vector.hex)),
      (error) => codeOf(error) === vector.code,
      vector.name,
    );
});
