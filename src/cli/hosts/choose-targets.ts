// From the words of a command line to hosts: expanded, checked, each once, limited.
import { ResproutError } from '../../base/errors/errors.ts';
import { targets as targetsOf, type Target } from '../../index.ts';
import { parseTarget, type Recipe } from '../../remote/connect/index.ts';

/** A target of a command. */
export interface Host extends Target {
  /** What it is called in lines and lists; no other host of the command is called so. */
  readonly label: string;
  /** How it is reached, hop by hop. */
  readonly recipes: readonly Recipe[];
}

/**
 * The hosts that texts name, each once; all of them are checked before anything is opened.
 * @param limit so many of them, or those that these targets (`@NAME`, names, texts, joined by commas) name too
 * @throws ResproutError REMOTE_TARGET_INVALID, CONFIG_INVALID, USAGE when nothing is left
 */
export async function chooseTargets(texts: readonly string[], limit?: string): Promise<readonly Host[]> {
  const found = await targetsOf(...texts);
  const chosen = limit === undefined ? found : await limited(found, limit);
  if (chosen.length === 0) throw nothingLeft(texts, limit);
  const hosts = new Map<string, Omit<Host, 'label'>>();
  for (const target of chosen) {
    const recipes = parseTarget(target.target);
    const key = JSON.stringify(recipes);
    // `local:` and `local:local` are one process.
    if (!hosts.has(key)) hosts.set(key, { ...target, recipes });
  }
  return labelled([...hosts.values()]);
}

/** By the name of the context where that tells them apart, else by their text. */
function labelled(hosts: readonly Omit<Host, 'label'>[]): readonly Host[] {
  const nameOf = ({ name, recipes }: Omit<Host, 'label'>): string => (name.includes(':') ? (recipes.at(-1)?.name ?? name) : name);
  const uses = new Map<string, number>();
  for (const host of hosts) uses.set(nameOf(host), (uses.get(nameOf(host)) ?? 0) + 1);
  return hosts.map((host) => ({ ...host, label: uses.get(nameOf(host)) === 1 ? nameOf(host) : host.target }));
}

async function limited(found: readonly Target[], limit: string): Promise<readonly Target[]> {
  if (/^\d+$/.test(limit)) return found.slice(0, Number(limit));
  const wanted = limit.split(',').filter((text) => text !== '');
  const named = await targetsOf(...wanted.map((text) => (/[@:]/.test(text) ? text : `@${text}`)));
  // By its name too: of `@web+local:x` it is the way to it that is named.
  const known = new Set(named.flatMap(({ name, target }) => [name, target]));
  return found.filter(({ name, target }) => known.has(name) || known.has(target));
}

function nothingLeft(texts: readonly string[], limit: string | undefined): ResproutError {
  const saw = limit === undefined ? `no target in ${texts.join(' ')}` : `no target of ${texts.join(' ')} is in --limit ${limit}`;
  return new ResproutError('USAGE', saw, { saw, kept: 'Nothing ran', do: 'Name at least one target' });
}
