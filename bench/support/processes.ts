// Processes that are timed from the outside.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

const LIMIT_MS = 60_000;

/** Resolves when the process has ended with 0; after `limitMs` it is killed. */
export async function ended(child: ChildProcess, what: string, limitMs: number = LIMIT_MS): Promise<void> {
  const limit = setTimeout(() => child.kill('SIGKILL'), limitMs);
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  clearTimeout(limit);
  if (code !== 0) throw new Error(`${what} ended with ${code ?? signal}`);
}

/** Runs a command from its start to its end. */
export async function runToEnd(command: string, args: readonly string[]): Promise<void> {
  await ended(spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'] }), `${command} ${args.join(' ')}`);
}

/** `node -e 0`: what no program on Node can beat. */
export const bareNode = (): Promise<void> => runToEnd(process.execPath, ['-e', '0']);

/** What a command prints on stdout. */
export async function printed(command: string, args: readonly string[], limitMs?: number): Promise<string> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (bytes: Buffer) => (text += bytes.toString()));
  await ended(child, `${command} ${args.join(' ')}`, limitMs);
  return text;
}

/** A number in the JSON object that a program has printed. */
export function numberOf(text: string, name: string): number {
  const value = (JSON.parse(text) as Record<string, unknown>)[name];
  if (typeof value !== 'number') throw new Error(`${name} is missing in ${text}`);
  return value;
}

/** Time from the start of a command to the first byte it prints, in ms; returns after its end, which is not counted. */
export async function toFirstByte(command: string, args: readonly string[], options: { readonly cwd?: string } = {}): Promise<number> {
  const start = performance.now();
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  let errors = '';
  child.stderr.on('data', (bytes: Buffer) => (errors += bytes.toString()));
  let tookMs: number | undefined;
  child.stdout.once('data', () => (tookMs = performance.now() - start));
  child.stdout.resume();
  await ended(child, `${command} ${args.join(' ')}`).catch((error: unknown) => {
    throw new Error(errors, { cause: error });
  });
  if (tookMs === undefined) throw new Error(`${command} ${args.join(' ')} printed nothing: ${errors}`);
  return tookMs;
}

/** The same for a command that would go on: its group is killed at that byte. Returns when it is gone. */
export async function killedAtFirstByte(command: string, args: readonly string[], limitMs: number = LIMIT_MS): Promise<number> {
  const start = performance.now();
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const limit = setTimeout(() => child.kill('SIGKILL'), limitMs);
  let errors = '';
  child.stderr.on('data', (bytes: Buffer) => (errors += bytes.toString()));
  let tookMs: number | undefined;
  child.stdout.once('data', () => {
    tookMs = performance.now() - start;
    child.kill('SIGKILL');
  });
  await once(child, 'close');
  clearTimeout(limit);
  if (tookMs === undefined) throw new Error(`${command} ${args.join(' ')} printed nothing: ${errors}`);
  return tookMs;
}
