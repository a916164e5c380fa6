// What all openers share. Equal recipes give the same Context; another name gives another process.
import { contextId } from '../../base/brand.ts';
import { ResproutError } from '../../base/errors/errors.ts';
import { recorder, type Recorder } from '../../base/recorder.ts';
import type { Secret } from '../../base/secret.ts';
import type { Site } from '../../base/site.ts';
import type { ContextReference } from '../child/core/calls/crossing.ts';
import type { Target } from '../../base/inventory/inventory.ts';
import { parseRecipe, parseTarget, recipeKey, type Recipe } from '../connect/index.ts';
import { refusedAttach } from '../detached/detach-far.ts';
import { parseToken } from '../detached/token.ts';
import type { Context } from './context.ts';
import { targetsAt } from '../inventory/targets.ts';
import { currentSide } from '../hosts/current-host.ts';
import { Opening, type OpenSettings } from './opening.ts';
import type { AttachOptions, OpenOptions } from './options.ts';
import { PlainContext } from './plain-context.ts';
import { SessionContext } from './session-context.ts';

/** Contexts to what is behind them, of plain programs and of sessions. */
const openings = new WeakMap<object, Opening>();
const plainContexts = new Map<string, PlainContext>();

/**
 * Opens a target that is given as text: `local:NAME`, `ssh://user@host:2222`, several joined by `+`, each opened through the one before; or
 * `@NAME`, a target of the project's settings.
 * @throws ResproutError REMOTE_TARGET_INVALID, CONFIG_INVALID, and those of `local` and `ssh`
 */
export async function connect(target: string, options: OpenOptions = {}): Promise<Context> {
  const site = recorder()?.site();
  return openTarget(target.startsWith('@') ? await oneTarget(target, site) : target, options, site);
}

async function oneTarget(text: string, site: Site | undefined): Promise<Target> {
  const [target, ...others] = await targetsAt([text], site);
  if (target !== undefined && others.length === 0) return target;
  const saw = target === undefined ? 'no target' : `${others.length + 1} targets`;
  throw new ResproutError('REMOTE_TARGET_INVALID', `${JSON.stringify(text)} is ${saw}, and one is opened here`, {
    tried: `open ${JSON.stringify(text)}`,
    saw,
    do: 'Name one, or open all of them: openEach(await targets(…))',
  });
}

/** As `connect`, for a text or a target of the settings. @param site the place that asks for it */
export async function openTarget(target: string | Target, options: OpenOptions, site: Site | undefined): Promise<Context> {
  const recipes = recipesOf(target, options.via?.name);
  const { ask, signal } = options;
  const settings = settingsOf(options);
  let context = options.via;
  for (const recipe of recipes) context = await open(recipe, settings, { ask, signal, site, via: context });
  if (context === undefined) throw new ResproutError('REMOTE_TARGET_INVALID', 'the text names no target');
  if (typeof target !== 'string') openingOf(context)?.give(target.vars);
  return context;
}

/** The recipes of a target, the last one with the name that the settings give it. */
function recipesOf(target: string | Target, via: string | undefined): readonly Recipe[] {
  if (typeof target === 'string') return parseTarget(target, via);
  const recipes = parseTarget(target.target, via);
  const { name } = target;
  return name.includes(':') ? recipes : recipes.map((recipe, at) => (at === recipes.length - 1 ? { ...recipe, name } : recipe));
}

/** What an opening gets beside its recipe. */
interface OpenHow extends Pick<OpenOptions, 'ask' | 'signal' | 'via'> {
  readonly site?: Site | undefined;
}

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

/** Opens a context by a method, with the options of its opener. @throws ResproutError REMOTE_* */
export async function openBy(method: string, options: OpenOptions): Promise<Context> {
  const { ask, deadAfterMs, leaseMs, logLevel, reopen, retries, serve, signal, via, ...fields } = options;
  const settings = settingsOf({ deadAfterMs, leaseMs, logLevel, reopen, retries, serve });
  return open(parseRecipe({ method, ...fields }, via?.name), settings, { ask, signal, via });
}

/**
 * Takes over a context that this program or another one has detached: the same process, with the calls that run in it and what it keeps in memory.
 *
 * @param target where it is, as it was opened: `local:`, `ssh://user@host`, or `@NAME`
 * @param token what `detach` returned. It is good for once
 * @throws ResproutError REMOTE_NOT_DETACHED: it is not there any more, or the token is not its; REMOTE_DETACH_REFUSED in a session; and those of `connect`
 */
export async function attach(target: string, token: Secret | string, options: AttachOptions = {}): Promise<Context> {
  if (recorder() !== undefined) throw refusedAttach();
  const place = parseToken(token);
  const recipes = recipesOf(target.startsWith('@') ? await oneTarget(target, undefined) : target, undefined);
  const [recipe] = recipes;
  if (recipe === undefined || recipes.length > 1)
    throw new ResproutError(
      'REMOTE_TARGET_INVALID',
      `a context is attached to straight, and ${JSON.stringify(target)} leads through others`,
    );
  const { ask, configFile, connectTimeoutMs, deadAfterMs, hostKey, node, serve, signal } = options;
  const { method, ...others } = { ...recipe, name: place.name };
  const given = Object.fromEntries(
    Object.entries({ configFile, connectTimeoutMs, hostKey, node }).filter(([, value]) => value !== undefined),
  );
  const settings = { ...settingsOf({ deadAfterMs, serve }), leaseMs: place.leaseMs };
  const opening = new Opening(currentSide(), parseRecipe({ method, ...others, ...given }), settings, undefined, place);
  const context = new PlainContext(opening);
  await opening.open(signal, ask);
  const key = `attached ${place.path}`;
  plainContexts.set(key, context);
  void opening.side.report(contextId(place.id)).promise.then(() => plainContexts.delete(key));
  openings.set(context, opening);
  currentSide().findContext = findContext;
  return context;
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
  await context.opening.open(how.signal, how.ask);
  return context;
}

/** The Context of a reference that comes back from a far side; the reference itself when its process is gone. */
function findContext(reference: ContextReference): object {
  for (const context of plainContexts.values()) {
    const { last } = context.opening;
    if (last?.id === reference.id && last.lost === undefined) return context;
  }
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
  await context.open(session, { ask: how.ask, signal: how.signal, site: how.site });
  return context;
}

/** Whatever makes two openings the same. */
function keyOf(recipe: Recipe, settings: OpenSettings, via: Opening | undefined): string {
  const { deadAfterMs, leaseMs, logLevel, reopen, retries, serve } = settings;
  const above = via === undefined ? '' : `${keyOf(via.recipe, via.settings, via.via)} › `;
  return `${above}${recipeKey(recipe)} ${logLevel ?? ''} ${leaseMs ?? ''} ${reopen ?? ''}${deadAfterMs === undefined ? '' : ` dead ${deadAfterMs}`}${retries === undefined ? '' : ` retries ${retries}`}${serve === undefined ? '' : ` serve ${serve.join(' ')}`}`;
}
