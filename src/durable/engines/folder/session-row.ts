import type { SessionDigest } from '../../journal/sessions/session-digest.ts';
import type { ParkedState } from '../../journal/sessions/session-store.ts';
import type { SessionSeal } from '../seal/session-seal.ts';
import type { Tail } from '../sqlite/row-reader.ts';
import { keptText } from './kept-digest.ts';
import type { IndexRow } from './session-index.ts';

/** What a row is made of. */
export interface RowParts {
  readonly id: string;
  readonly digest: SessionDigest;
  readonly tail: Tail;
  readonly parked: ParkedState | undefined;
  /** Of the files; undefined: they are being written to. */
  readonly stamp: string | undefined;
  /** Of a sealed session: what is kept of it is sealed too. */
  readonly seal: SessionSeal | undefined;
}

/** The row of a session; undefined when its digest is too large, or it has not begun. */
export function rowOf({ id, digest, tail, parked, stamp = '', seal }: RowParts): IndexRow | undefined {
  const kept = keptText(digest, tail, parked);
  const info = digest.info(id, { owner: undefined, parked });
  if (kept === undefined || info === undefined) return undefined;
  return {
    id,
    stamp,
    startedMs: info.startedMs,
    lastMs: info.lastMs,
    hasEnded: info.exitCode !== undefined,
    kept: seal?.sealText('kept', kept) ?? kept,
  };
}
