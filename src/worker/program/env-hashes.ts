import { ResproutError } from '../../base/errors/errors.ts';
import type { StartEvent } from '../../durable/journal/events/event.ts';
import { keyedHash } from '../../platform/keyed-hash.ts';
import { definedEnv, type Environment } from './defined-env.ts';
import type { Store } from '../store/store.ts';

/** What shells, terminals and session managers set anew each time: a difference there says nothing about the program. */
const BOOKKEEPING =
  /^(_|SHLVL|PWD|OLDPWD|COLUMNS|LINES|FORCE_COLOR|COLORTERM|TERM|TERM_.*|WINDOWID|TMUX|TMUX_.*|STY|WINDOW|VTE_VERSION|SSH_.*|XDG_SESSION_.*|INVOCATION_ID|JOURNAL_STREAM)$/;

/** A keyed hash per name: enough to notice a change, useless without the store's key. The name is part of it, so that equal values do not show. */
export function envHashes(store: Pick<Store, 'key'>, env: Environment): Readonly<Record<string, string>> {
  const hashes: Record<string, string> = {};
  const given = definedEnv(env);
  for (const name of Object.keys(given).sort()) {
    if (!BOOKKEEPING.test(name)) hashes[name] = keyedHash(store.key, `${name}=${given[name] ?? ''}`);
  }
  return hashes;
}

/**
 * The warning about names whose values are not those of the start; undefined when all are.
 * @param isBrought it was recorded with the key of another store: only names can be compared
 */
export function envChange(
  store: Pick<Store, 'key'>,
  start: Pick<StartEvent, 'session' | 'envHashes'>,
  env: Environment,
  isBrought = false,
): ResproutError | undefined {
  const now = envHashes(store, env);
  const names = new Set([...Object.keys(start.envHashes), ...Object.keys(now)]);
  const differs = (name: string): boolean =>
    isBrought ? Object.hasOwn(start.envHashes, name) !== Object.hasOwn(now, name) : start.envHashes[name] !== now[name];
  const changed = [...names].filter(differs).sort();
  if (changed.length === 0) return undefined;
  const shown = changed.slice(0, 10).join(', ') + (changed.length > 10 ? ` and ${changed.length - 10} more` : '');
  return new ResproutError('ENV_CHANGED', `environment variables differ from those the session started with: ${shown}`, {
    tried: `resume ${start.session}`,
    saw: isBrought
      ? `${shown} set in one of both only; the session was imported, so that values cannot be compared`
      : `${shown} ${changed.length === 1 ? 'has another value' : 'have other values'}, or ${changed.length === 1 ? 'is' : 'are'} set in one of both only`,
    kept: 'The session goes on with the values of this shell',
  });
}
