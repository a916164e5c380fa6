// The arguments of spawn and its kin: what of them goes outside, and what of them counts on replay.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Session } from '../../../replay/session/session-api.ts';
import { realDescriptor } from '../descriptors.ts';
import { PuppetSocket } from '../socket/puppet-socket.ts';

/** Options as a program gives them: checked by Node, when they leave. */
export interface GivenOptions {
  readonly cwd?: string | URL | null;
  readonly env?: NodeJS.ProcessEnv | null;
  readonly stdio?: unknown;
  readonly signal?: AbortSignal;
  readonly timeout?: number;
  readonly killSignal?: NodeJS.Signals | number;
  readonly shell?: boolean | string;
  readonly detached?: boolean;
  readonly silent?: boolean;
  readonly serialization?: 'json' | 'advanced';
  readonly execArgv?: readonly string[];
}

/** Arguments after the file: both are optional. */
export function spawnArguments(args: unknown, options: unknown): { readonly args: unknown; readonly options: unknown } {
  if (Array.isArray(args)) return { args: [...(args as unknown[])], options };
  if (args === undefined || args === null) return { args: [], options };
  // Only options; what is neither, Node refuses.
  return typeof args === 'object' ? { args: [], options: args } : { args, options };
}

function folderOf(session: Session, cwd: unknown): unknown {
  if (cwd === undefined || cwd === null) return session.folder;
  if (cwd instanceof URL) return cwd.protocol === 'file:' ? fileURLToPath(cwd) : cwd;
  return typeof cwd === 'string' ? path.resolve(session.folder, cwd) : cwd;
}

/** One entry of `stdio`: streams of the program become their halves outside, when those are there. */
function outsideStdio(session: Session, entry: unknown): unknown {
  if (typeof entry === 'number') return realDescriptor(session, entry);
  if (typeof entry !== 'object' || entry === null) return entry;
  if (entry instanceof PuppetSocket) return entry.edge.half?.native ?? 'ignore';
  const fd: unknown = Reflect.get(entry, 'fd');
  return typeof fd === 'number' ? realDescriptor(session, fd) : entry;
}

/** Options as they go outside: in the session's folder and environment. */
export function outsideOptions(session: Session, given: unknown): Record<string, unknown> {
  if (typeof given !== 'object' || given === null) return { cwd: session.folder, env: { ...session.env } };
  const { signal: _signal, timeout: _timeout, killSignal: _killSignal, ...options } = given as GivenOptions;
  return { ...options, cwd: folderOf(session, options.cwd), env: options.env ?? { ...session.env } };
}

/** The same with the streams and files of the program as they are outside. Asked where the child starts, since it may open a file again. */
export function withStdio(session: Session, options: Record<string, unknown>): Record<string, unknown> {
  const { stdio } = options;
  return Array.isArray(stdio) ? { ...options, stdio: stdio.map((entry) => outsideStdio(session, entry)) } : options;
}

const shownStdio = (entry: unknown): unknown => (typeof entry === 'object' && entry !== null ? 'stream' : entry);

/** What of a call counts on replay. */
export function shownArguments(file: unknown, args: unknown, given: unknown): readonly unknown[] {
  if (typeof given !== 'object' || given === null) return [file, args];
  const { cwd, stdio, shell, detached } = given as GivenOptions;
  return [
    file,
    args,
    {
      cwd: cwd instanceof URL ? cwd.href : cwd,
      stdio: Array.isArray(stdio) ? stdio.map(shownStdio) : shownStdio(stdio),
      shell,
      detached,
    },
  ];
}
