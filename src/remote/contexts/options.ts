import type { LogLevel } from '../../base/seams/log.ts';
import type { Ask } from '../connect/questions/ask.ts';
import type { CommonRecipe, OwnFields, PushNode } from '../connect/recipe.ts';
import type { Context } from './context.ts';

/** What every opener takes. */
export interface OpenOptions {
  /** Name in messages and logs; the host, `local`, or method and place (`web-1.sudo.root`) when absent. Another name is another process. */
  readonly name?: string | undefined;
  /** Node of the far side: a path, or an argv. Searched for when absent (`local`: the Node that runs this program). */
  readonly node?: string | readonly string[] | undefined;
  /**
   * What is done when the far side has no Node that fits: `true` puts one there, once, in the cache folder of the far user; `'memory'` puts one there
   * that leaves nothing; an object says more. Needs `sh` there and `gzip` or `zstd`. An error when absent. Not for `local`. See docs/hosts-without-node.md.
   */
  readonly pushNode?: boolean | 'memory' | PushNode | undefined;
  /** Variables laid over the environment of the far process. Visible there: no secrets. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Limit of the whole connect in milliseconds; 30,000 when absent. Waiting for a person does not count. */
  readonly connectTimeoutMs?: number | undefined;
  /** Lowest level of the console lines that the far side sends; `info` when absent. */
  readonly logLevel?: LogLevel | undefined;
  /** The far side ends by itself after this long without any frame; 600,000 ms when absent. */
  readonly leaseMs?: number | undefined;
  /** A link without a sign of life is given up after this long; 20,000 ms when absent. Whatever arrives is a sign of life. */
  readonly deadAfterMs?: number | undefined;
  /** How often an opening that was refused or dropped is made again, after 1, 5 and then 30 s each; 0 when absent. Wrong keys and passwords are not tried again. */
  readonly retries?: number | undefined;
  /**
   * Files of the project that the far side may load although the program does not import them: patterns such as `plugins/**`, relative to the
   * folder of its package.json. Files named like secrets stay here. Without it: what the program imports, see docs/builds.md.
   */
  readonly serve?: readonly string[] | undefined;
  /** In a session: open a lost context again (`again`, the default), or give LIVE_OBJECT_LOST (`fail`). */
  readonly reopen?: 'again' | 'fail' | undefined;
  /** The context through which this one is opened. */
  readonly via?: Context | undefined;
  /** Stops the connect. Not part of the recipe. */
  readonly signal?: AbortSignal | undefined;
  /** Answers passwords and host keys. Not part of the recipe. */
  readonly ask?: Ask | undefined;
}

/** What `attach` takes: how the machine is reached. Name, lease and log level are as they were when the context was opened. */
export interface AttachOptions extends Pick<OpenOptions, 'ask' | 'connectTimeoutMs' | 'deadAfterMs' | 'node' | 'serve' | 'signal'> {
  /** As that of `ssh`, and for a target of ssh only. */
  readonly hostKey?: string | undefined;
  /** As that of `ssh`, and for a target of ssh only. */
  readonly configFile?: string | undefined;
}

type OptionalKeys<T> = { [K in keyof T]-?: object extends Pick<T, K> ? K : never }[keyof T];
/** Fields that may be absent may be undefined too. Each stays what it is, its comment with it. */
type Loosened<T> = { [K in keyof T]: T[K] | undefined };

/** What the opener of a method takes: the fields of its recipe, and what every opener takes. */
export type OptionsOf<R extends CommonRecipe> = OpenOptions &
  Omit<OwnFields<R>, OptionalKeys<OwnFields<R>>> &
  Loosened<Pick<OwnFields<R>, OptionalKeys<OwnFields<R>>>>;
