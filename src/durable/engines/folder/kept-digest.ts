// What the index keeps of a session, as text. Parsed as hostile: what is not right counts as nothing, and the journal is read.
import { readDigestState, type DigestState } from '../../journal/sessions/digest-state.ts';
import type { SessionDigest } from '../../journal/sessions/session-digest.ts';
import type { ParkedState } from '../../journal/sessions/session-store.ts';
import { isSealedText, type SessionSeal } from '../seal/session-seal.ts';
import type { Tail } from '../sqlite/row-reader.ts';
import { readParkedState } from './run-state.ts';

/** A digest, why its session is not run, and the checksum of the journal up to there: it is that of a journal that begins with just these events. */
export interface KeptDigest {
  readonly state: DigestState;
  readonly tail: Tail;
  readonly parked: ParkedState | undefined;
}

const CHAIN = /^[0-9a-f]{32}$/;

/** The text of a digest that ends at `tail`; undefined when there is too much of it. */
export function keptText(digest: SessionDigest, tail: Tail, parked: ParkedState | undefined): string | undefined {
  const state = digest.state();
  return state === undefined ? undefined : JSON.stringify({ chain: Buffer.from(tail.chain).toString('hex'), parked, state });
}

/** Undefined for a text that is none. @param seal of a sealed session; without it what is sealed is none. @throws ResproutError SEAL_KEY_WRONG */
export function readKept(text: string, seal: SessionSeal | undefined): KeptDigest | undefined {
  const open = isSealedText(text) ? seal?.openText('kept', text) : text;
  let value: unknown;
  try {
    value = JSON.parse(open ?? '');
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('chain' in value) || !('state' in value)) return undefined;
  const state = readDigestState(value.state);
  if (state === undefined || typeof value.chain !== 'string' || !CHAIN.test(value.chain)) return undefined;
  const parked = 'parked' in value ? readParkedState(value.parked) : undefined;
  return { state, tail: { nextSeq: state.events, chain: Uint8Array.from(Buffer.from(value.chain, 'hex')) }, parked };
}
