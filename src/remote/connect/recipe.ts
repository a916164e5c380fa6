import { createHash } from 'node:crypto';

/** What every recipe has: plain data, so that it can stand in a journal and travel to an intermediary. */
interface CommonRecipe {
  /** What the context is called in messages and logs. */
  readonly name: string;
  /** Node of the far side: a path, a name on its PATH, or an argv to which `-e PROGRAM` is appended. Sought by the probe when absent. */
  readonly node?: string | readonly string[];
  /** Variables laid over the far environment. `local` gives them to the child; the other methods leave it to the connect data. */
  readonly env?: Readonly<Record<string, string>>;
  /** Limit of the whole connect; 30,000 when absent. */
  readonly connectTimeoutMs?: number;
}

/** A child process of this machine and user. */
export interface LocalRecipe extends CommonRecipe {
  readonly method: 'local';
  /** Its working folder; that of this process when absent. */
  readonly cwd?: string;
}

/** A process on another machine, through the system's `ssh`. */
export interface SshRecipe extends CommonRecipe {
  readonly method: 'ssh';
  /** A name, an address or a `Host` alias of the ssh configuration. IPv6 without brackets. */
  readonly host: string;
  readonly user?: string;
  readonly port?: number;
  /**
   * What the key of the host must be. A fingerprint (`SHA256:…`): this key and no other, whatever the files of known hosts say; nothing
   * is asked. `accept-new`: an unknown host is taken for what it shows and remembered; a changed key is still refused.
   */
  readonly hostKey?: string;
  /** Absolute path of the ssh configuration file to use in place of the user's and the system's (`ssh -F`). */
  readonly configFile?: string;
}

/** How a context is opened. The context that it starts from (`via`) is not part of it. */
export type Recipe = LocalRecipe | SshRecipe;

/** Names of the connection methods. */
export type ConnectionMethodName = Recipe['method'];

/** The recipe with its keys in one order, undefined ones left out. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return entries.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, member]) => [key, canonical(member)]);
}

/** A stable text that is equal for recipes that open the same context. It shows no value of the recipe but its method and name. */
export function recipeKey(recipe: Recipe): string {
  const digest = createHash('sha256')
    .update(JSON.stringify(canonical(recipe)))
    .digest('hex');
  return `${recipe.method}:${recipe.name}:${digest.slice(0, 24)}`;
}
