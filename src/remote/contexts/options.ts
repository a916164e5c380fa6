import type { LogLevel } from '../../base/seams/log.ts';
import type { Ask } from '../connect/questions/ask.ts';
import type { Context } from './context.ts';

/** What every opener takes. */
export interface OpenOptions {
  /** Name in messages and logs; the host (or `local`) when absent. Another name is another process. */
  readonly name?: string | undefined;
  /** Node of the far side: a path, or an argv. Searched for when absent (`local`: the Node that runs this program). */
  readonly node?: string | readonly string[] | undefined;
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

/** Options of `local`. */
export interface LocalOptions extends OpenOptions {
  /** Folder in which the process starts; that of its parent when absent. */
  readonly cwd?: string | undefined;
}

/** Options of `ssh`. Everything that is absent comes from the user's `~/.ssh/config`. */
export interface SshOptions extends OpenOptions {
  /** Host name, address, or alias of the ssh configuration. */
  readonly host: string;
  readonly user?: string | undefined;
  readonly port?: number | undefined;
  /** Expected fingerprint, `SHA256:…`: no question is asked, any other key ends the connect. `accept-new` takes what an unknown host shows. */
  readonly hostKey?: string | undefined;
  /** Absolute path of the ssh configuration file to use in place of the user's and the system's. */
  readonly configFile?: string | undefined;
}
