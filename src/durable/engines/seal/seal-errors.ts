import { ResproutError } from '../../../base/errors/errors.ts';

/** Another key than the one that sealed a session. */
export function wrongKey(session: string): ResproutError {
  return new ResproutError('SEAL_KEY_WRONG', `session ${session} was sealed with another key`, {
    tried: `open what ${session} has recorded`,
    saw: 'a key that is not the one it was sealed with',
    kept: 'Everything that was recorded is kept, sealed as it is',
    do: 'Name the key that it was sealed with: seal.key in resprout.config.json beside the store',
  });
}

/** A session that came from another store, or a store whose own key file was replaced. */
export function otherStore(session: string): ResproutError {
  return new ResproutError('SEAL_KEY_WRONG', `session ${session} was sealed in another store`, {
    tried: `open what ${session} has recorded`,
    saw: 'the name of another store in its seal',
    kept: 'Everything that was recorded is kept, sealed as it is',
    do: 'Put the session back into its store; if it is this one, put the file key of the store back from a copy',
  });
}

/** There is no key. */
export function noKey(what: string, cure: string): ResproutError {
  return new ResproutError('SEAL_KEY_MISSING', `what was recorded is sealed, and ${what}`, {
    tried: 'open or make a sealed session',
    saw: what,
    kept: 'Everything that was recorded is kept, sealed as it is',
    do: cure,
  });
}

/** Codes of a key that is not to be had: lists go on without it. */
export const KEY_CODES: ReadonlySet<string> = new Set(['SEAL_KEY_MISSING', 'SEAL_KEY_UNSAFE', 'SEAL_KEY_WRONG']);
