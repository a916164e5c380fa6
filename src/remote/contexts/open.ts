// The openers. Equal recipes give the same Context; another name gives another process.
import { ResproutError } from '../../base/errors/errors.ts';
import { recorder, type Recorder } from '../../base/recorder.ts';
import type { ContextReference } from '../child/core/calls/crossing.ts';
import { parseRecipe, parseTarget, recipeKey, type Recipe } from '../connect/index.ts';
import type { Context } from './context.ts';
import { currentSide } from '../hosts/current-host.ts';
import { Opening, type OpenSettings } from './opening.ts';
import type { LocalOptions, OpenOptions, SshOptions } from './options.ts';
import { PlainContext } from './plain-context.ts';
import { SessionContext } from './session-context.ts';

/** Contexts to what is behind them, of plain programs and of sessions. */
const openings = new WeakMap<object, Opening>();
const plainContexts = new Map<string, PlainContext>();

/**
 * Opens another process on this machine, or on that of `via`.
 * @throws ResproutError REMOTE_CONNECT_FAILED, REMOTE_CONNECT_TIMEOUT, REMOTE_NODE_TOO_OLD, REMOTE_NODE_MISSING, REMOTE_TARGET_INVALID
 */
export function local(options: LocalOptions = {}): Promise<Context> {
  return openFrom('local', options);
}

/**
 * Opens a process on another host, through the system's ssh with the user's configuration, agents and jump hosts.
 * @throws ResproutError REMOTE_AUTH_FAILED, REMOTE_AUTH_NEEDED, REMOTE_HOST_KEY_UNKNOWN, REMOTE_HOST_KEY_CHANGED, and those of `local`
 */
export function ssh(options: SshOptions): Promise<Context> {
  return openFrom('ssh', options);
}

/**
 * Opens a target that is given as text: `local:NAME`, `ssh://user@host:2222`, several joined by `+`, each opened through the one before.
 * @throws ResproutError REMOTE_TARGET_INVALID, and those of `local` and `ssh`
 */
export async function connect(target: string, options: OpenOptions = {}): Promise<Context> {
  const recipes = parseTarget(target);
  const { ask, signal } = options;
  const settings = settingsOf(options);
  let context = options.via;
  for (const recipe of recipes) context = await open(recipe, settings, { ask, signal, via: context });
  if (context === undefined) throw new ResproutError('REMOTE_TARGET_INVALID', `"${target}" names no target`);
  return context;
}

/** What an opening gets beside its recipe. */
interface OpenHow extends Pick<OpenOptions, 'ask' | 'signal' | 'via'> {}

const LONGEST_MS = 2_147_483_647;

/** @throws ResproutError REMOTE_TARGET_INVALID */
function settingsOf({ deadAfterMs, leaseMs, logLevel, reopen, retries, serve }: OpenOptions): OpenSettings {
  for (const [name, value] of Object.entries({ deadAfterMs, leaseMs }))
    if (value !== undefined && !(Number.isInteger(value) && value > 0 && value <= LONGEST_MS))
      throw invalidOption(name, value, `a whole number of milliseconds from 1 to ${String(LONGEST_MS)}`);
  if (retries !== undefined && !(Number.isInteger(retries) && retries >= 0))
    throw invalidOption('retries', retries, 'a whole number from 0');
  if (serve !== undefined && !(Array.isArray(serve) && serve.every((glob) => typeof glob === 'string' && glob !== '')))
    throw invalidOption('serve', serve, 'a list of patterns such as plugins/**');
  return { deadAfterMs, leaseMs, logLevel, reopen, retries, serve };
}

function invalidOption(name: string, value: unknown, form: string): ResproutError {
  const saw = `"${name}" is ${String(JSON.stringify(value))}`;
  return new ResproutError('REMOTE_TARGET_INVALID', saw, { tried: 'open a context', saw, do: `Give ${form}` });
}

async function openFrom(method: Recipe['method'], options: OpenOptions): Promise<Context> {
  const { ask, deadAfterMs, leaseMs, logLevel, reopen, retries, serve, signal, via, ...fields } = options;
  const settings = settingsOf({ deadAfterMs, leaseMs, logLevel, reopen, retries, serve });
  return open(parseRecipe({ method, ...fields }), settings, { ask, signal, via });
}

function openingOf(context: Context | undefined): Opening | undefined {
  if (context === undefined) return undefined;
  const opening = openings.get(context);
  if (opening === undefined)
    throw new ResproutError('REMOTE_TARGET_INVALID', '"via" is not a context of this package', { do: 'Give a Context' });
  return opening;
}

async function open(recipe: Recipe, settings: OpenSettings, how: OpenHow): Promise<Context> {
  const via = openingOf(how.via);
  const key = keyOf(recipe, settings, via);
  const session = recorder();
  if (session !== undefined) return openInSession(session, key, recipe, settings, via, how);
  const known = plainContexts.get(key);
  const context = known ?? new PlainContext(new Opening(currentSide(), recipe, settings, via));
  if (known === undefined) plainContexts.set(key, context);
  openings.set(context, context.opening);
  currentSide().findContext = findContext;
  await context.opening.live(how.signal, how.ask);
  return context;
}

/** The Context of a reference that comes back from a far side; the reference itself when its process is gone. */
function findContext(reference: ContextReference): object {
  for (const context of plainContexts.values()) if (context.opening.last?.id === reference.id) return context;
  return Object.freeze({ name: reference.name });
}

async function openInSession(
  session: Recorder,
  key: string,
  recipe: Recipe,
  settings: OpenSettings,
  via: Opening | undefined,
  how: OpenHow,
): Promise<Context> {
  const context = session.stable(`context ${key}`, () => new SessionContext(session, new Opening(currentSide(), recipe, settings, via)));
  openings.set(context, context.opening);
  await context.open(session, how.ask);
  return context;
}

/** Whatever makes two openings the same. */
function keyOf(recipe: Recipe, settings: OpenSettings, via: Opening | undefined): string {
  const { deadAfterMs, leaseMs, logLevel, reopen, retries, serve } = settings;
  const above = via === undefined ? '' : `${keyOf(via.recipe, via.settings, via.via)} › `;
  return `${above}${recipeKey(recipe)} ${logLevel ?? ''} ${leaseMs ?? ''} ${reopen ?? ''}${deadAfterMs === undefined ? '' : ` dead ${deadAfterMs}`}${retries === undefined ? '' : ` retries ${retries}`}${serve === undefined ? '' : ` serve ${serve.join(' ')}`}`;
}
