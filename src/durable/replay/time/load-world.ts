import { KeyStream } from './chacha.ts';
import type { LoadWorld } from '../session/session-api.ts';
import { Xoshiro } from './xoshiro.ts';

/** First stream of the session's key that packages draw from; those of the program come before. */
const FIRST_STREAM = 1_000;
const STREAMS = 0x7fff_0000;

/**
 * Clock and chance of a package that loads: the moment at which the session began, and numbers drawn from the session's key and the name of what
 * is loaded. So what a package makes while it loads (a seed, a time, an id) is the same in every process of a session.
 */
export function createLoadWorld(seed: Uint8Array, startMs: number, target: string): LoadWorld {
  const stream = FIRST_STREAM + (hashOf(target) % STREAMS);
  const bytes = new KeyStream(seed, stream);
  const key = new Uint8Array(16);
  new KeyStream(seed, stream + 1).fill(key);
  const fractions = new Xoshiro(key);
  return {
    nowMs: () => Math.floor(startMs),
    sinceStartMs: () => 0,
    fraction: () => fractions.fraction(),
    fill: (into) => bytes.fill(into),
  };
}

function hashOf(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) >>> 0;
  return hash;
}
