// What a command may touch of the outside: streams, environment, folder. stdout is the program's; everything we say goes to stderr.
import { errnoOf } from '../platform/errno.ts';
import { shownSecrets } from './shown-secrets.ts';
import { styleFor, type Style } from './render/style.ts';

/** Options that every command takes. */
export interface CommonOptions {
  readonly json?: boolean | undefined;
  readonly quiet?: boolean | undefined;
  readonly verbose?: boolean | undefined;
  readonly plain?: boolean | undefined;
  readonly store?: string | undefined;
}

export interface Terminal {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: NodeJS.ProcessEnv;
  /** The current folder; `/` when it does not exist any more. */
  readonly cwd: string;
  readonly hasFolder: boolean;
  /** Aborted when a signal has asked for the end. */
  readonly ending: AbortController;
  /** Whether stdout takes nothing any more. Node's own stream does not stay `destroyed` when its reader has gone, and never drains. */
  isUnread(): boolean;
  /** For what goes to stderr. */
  readonly style: Style;
  /** For what goes to stdout: tables and results of commands that run no program. */
  readonly outStyle: Style;
}

export function realTerminal(): Terminal {
  const { stdin, stdout, stderr, env } = process;
  for (const stream of [stdout, stderr]) keepSecrets(stream);
  // Nobody can be told that stderr failed.
  stderr.on('error', () => {});
  let isUnread = false;
  for (const end of ['error', 'close']) stdout.on(end, () => (isUnread = true));
  const folder = currentFolder();
  const streams = { stdin, stdout, stderr, style: styleFor(stderr, env), outStyle: styleFor(stdout, env) };
  return { ...streams, env, cwd: folder ?? '/', hasFolder: folder !== undefined, ending: new AbortController(), isUnread: () => isUnread };
}

/** Texts that leave are without what is known as secret. Bytes are a program's output, from which its owner has taken it already. */
function keepSecrets(stream: NodeJS.WriteStream): void {
  const write = stream.write.bind(stream) as (...args: readonly unknown[]) => boolean;
  stream.write = (chunk: unknown, ...more: readonly unknown[]): boolean =>
    write(typeof chunk === 'string' ? shownSecrets.scrub(chunk) : chunk, ...more);
}

const READER_GONE: ReadonlySet<string | undefined> = new Set(['EPIPE', 'ECONNRESET', 'EIO']);

/**
 * Watches stdout for errors. A reader that went away (`resprout show … | head -1`) or a terminal that was closed is none: what is written
 * later is dropped, and nothing else ends. @returns gives the error of a stdout that could not take what was written, when there was one
 */
export function watchOutput(stdout: NodeJS.WriteStream): () => Error | undefined {
  let failure: Error | undefined;
  stdout.on('error', (error) => {
    if (!READER_GONE.has(errnoOf(error))) failure ??= error;
  });
  return () => failure;
}

function currentFolder(): string | undefined {
  try {
    return process.cwd();
  } catch {
    // It was removed while the shell stood in it.
    return undefined;
  }
}

/** How long somebody who reads nothing is waited for when the end was asked for. */
const LAST_WORDS_MS = 1000;

/**
 * Waits until a stream has handed everything to the system, so that the process may end. A reader that went away counts as done.
 * @param isHurried the end was asked for: a reader that takes nothing is waited for a second only
 */
export function flushed(stream: NodeJS.WriteStream, isHurried: boolean): Promise<void> {
  if (stream.writableLength === 0 || stream.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const limit = isHurried ? setTimeout(resolve, LAST_WORDS_MS) : undefined;
    const done = (): void => {
      clearTimeout(limit);
      resolve();
    };
    stream.once('close', done);
    stream.once('error', done);
    stream.write('', done);
  });
}
