// What a command may touch of the outside: streams, environment, folder. stdout is the program's; everything we say goes to stderr.
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
  readonly cwd: string;
  /** For what goes to stderr. */
  readonly style: Style;
  /** For what goes to stdout: tables and results of commands that run no program. */
  readonly outStyle: Style;
}

export function realTerminal(): Terminal {
  const { stdin, stdout, stderr, env } = process;
  // A reader that went away (`resprout show … | head -1`) destroys the stream: what is written later is dropped, and nothing else ends.
  for (const stream of [stdout, stderr]) stream.on('error', () => {});
  return { stdin, stdout, stderr, env, cwd: process.cwd(), style: styleFor(stderr, env), outStyle: styleFor(stdout, env) };
}

/** Waits until a stream has handed everything to the system, so that the process may end. A reader that went away counts as done. */
export function flushed(stream: NodeJS.WriteStream): Promise<void> {
  if (stream.writableLength === 0 || stream.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    stream.once('close', resolve);
    stream.write('', () => resolve());
  });
}
