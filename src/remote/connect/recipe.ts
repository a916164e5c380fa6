import { createHash } from 'node:crypto';

/** How a far side without a Node that fits gets one. */
export interface PushNode {
  /** Nothing stays there: the file is in memory where the system has a place for that, and loses its name before it runs. `false` when absent. */
  readonly inMemory?: boolean;
  /** The file of Node to be put there, an absolute path on the machine of the program. Sought when absent: the Node that runs the program, else one of its cache. */
  readonly file?: string;
}

/** What every recipe has: plain data, so that it can stand in a journal and travel to an intermediary. What a method adds stands in its folder. */
export interface CommonRecipe {
  readonly method: string;
  /** What the context is called in messages and logs. */
  readonly name: string;
  /** Node of the far side: a path, a name on its PATH, or an argv to which `-e PROGRAM` is appended. Sought by the probe when absent. */
  readonly node?: string | readonly string[];
  /** Whether a far side without a Node that fits gets one. Absent: it is an error. Not for `local`. */
  readonly pushNode?: PushNode;
  /** Variables laid over the far environment. `local` gives them to the child; the other methods leave it to the connect data. */
  readonly env?: Readonly<Record<string, string>>;
  /** Limit of the whole connect; 30,000 when absent. */
  readonly connectTimeoutMs?: number;
}

/** How a context is opened, with the fields of its method. The context that it starts from (`via`) is not part of it. */
export interface Recipe extends CommonRecipe {
  readonly [field: string]: unknown;
}

/** What a method adds to the recipe. */
export type OwnFields<R extends CommonRecipe> = Omit<R, keyof CommonRecipe>;

/** The recipe with its keys in one order, undefined ones left out. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return entries.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, member]) => [key, canonical(member)]);
}

/** A stable text that is equal for recipes that open the same context. It shows no value of the recipe but its method and name. */
export function recipeKey(recipe: CommonRecipe): string {
  const digest = createHash('sha256')
    .update(JSON.stringify(canonical(recipe)))
    .digest('hex');
  return `${recipe.method}:${recipe.name}:${digest.slice(0, 24)}`;
}
