import { existsSync, realpathSync } from 'node:fs';
import { constants, userInfo } from 'node:os';
import { ResproutError } from '../../base/errors/errors.ts';
import type { SupervisorEvent } from '../../supervisor.ts';
import { parseProgram } from '../arguments/program-text.ts';
import { safeLine } from '../render/text/safe-text.ts';
import { okLine } from '../render/values/json.ts';
import type { CommonOptions, Terminal } from '../terminal.ts';
import { bootUnit, bootUnitName } from './boot-unit.ts';
import { ask, listenFor, type Action, type Request } from './control.ts';
import { eventJson, eventLine, snapshotJson, unitLines, type UnitJson } from './event-lines.ts';
import { loadTree, type Running } from './load-tree.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** `resprout supervise`: keeps a tree alive in the foreground, or asks the one that does. @returns 0; 1 when it gave up or could not start */
export async function supervise(
  text: string,
  action: Action | 'systemd' | undefined,
  unit: string | undefined,
  options: CommonOptions,
  terminal: Terminal,
): Promise<number> {
  if (action === undefined) return await keep(text, options, terminal);
  if ((action === 'restart') !== (unit !== undefined))
    throw new ResproutError('USAGE', action === 'restart' ? 'restart needs the name of a unit' : `${action} takes no unit`, {
      do: 'resprout supervise FILE restart UNIT     (resprout help supervise)',
    });
  if (action === 'systemd') return printBootUnit(text, options, terminal);
  const { file } = parseProgram(text, terminal.cwd);
  const value = await ask(file, { action, unit });
  if (options.json === true) terminal.stdout.write(okLine(value));
  else if (action === 'status')
    terminal.stdout.write(
      unitLines(value as readonly UnitJson[], Date.now())
        .map((line) => `${line}\n`)
        .join(''),
    );
  else if (options.quiet !== true) terminal.stderr.write(action === 'stop' ? 'Stopped\n' : `${safeLine(unit ?? '')} is made new\n`);
  return 0;
}

/** Prints a unit for systemd. Nothing is written and nobody is asked. */
function printBootUnit(text: string, options: CommonOptions, { cwd, env, stdout }: Terminal): number {
  const { exportName, file } = parseProgram(text, cwd);
  if (!existsSync(file)) throw new ResproutError('RUN_FILE_MISSING', `${file} is not there`, { tried: `look for ${file}` });
  // The format has no way to write one: what follows it would be a line of the unit.
  if (/[\n\r]/.test(file))
    throw new ResproutError('SUPERVISE_INVALID', 'a unit of systemd cannot name a path with a line break', { saw: JSON.stringify(file) });
  const unit = bootUnit({
    file,
    exportName,
    node: process.execPath,
    main: realpathSync(process.argv[1] ?? ''),
    path: env['PATH'] ?? '',
    user: userName(),
  });
  stdout.write(options.json === true ? okLine({ name: bootUnitName(file), text: unit }) : unit);
  return 0;
}

function userName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    // The system knows the number only.
    return undefined;
  }
}

async function keep(text: string, options: CommonOptions, terminal: Terminal): Promise<number> {
  const { stderr, stdout } = terminal;
  const tree = await loadTree(text, terminal.cwd);
  const onEvent = (event: SupervisorEvent): void => {
    const line = options.json === true ? undefined : eventLine(event);
    if (options.json === true) stdout.write(`${JSON.stringify(eventJson(event))}\n`);
    else if (line !== undefined && options.quiet !== true) stderr.write(`${line}\n`);
  };
  const stop = new Stop();
  let running: Running | undefined;
  const socket = await listenFor(tree.file, (request) => answer(request, running, stop));
  try {
    running = await tree.start({ onEvent, signal: stop.signal });
    if (options.json !== true && options.quiet !== true) stderr.write(`${running.name} is ready\n`);
    await Promise.race([running.ended, stop.asked]);
    await running.close();
    const { error, how } = await running.ended;
    if (error !== undefined) throw error;
    if (options.json === true) stdout.write(okLine({ how, signal: stop.by ?? null }));
    return 0;
  } catch (error) {
    // A start that was given up has left nothing.
    if (!stop.signal.aborted || error !== stop.signal.reason) throw error;
    if (options.json === true) stdout.write(okLine({ how: 'closed', signal: stop.by ?? null }));
    return 0;
  } finally {
    stop.over();
    await socket.close();
  }
}

async function answer({ action, unit = '' }: Request, running: Running | undefined, stop: Stop): Promise<unknown> {
  if (action === 'stop') {
    stop.ask(undefined);
    await running?.close();
    return { action };
  }
  if (running === undefined) throw new ResproutError('SUPERVISE_INVALID', 'it is still starting');
  if (action === 'status') return snapshotJson(running.snapshot());
  running.recycle(unit);
  return { action, unit };
}

/** The order to end, by a signal or at the socket. A second signal ends this process as if nobody had listened. */
class Stop {
  readonly asked: Promise<void>;
  /** The signal that came. */
  by: string | undefined;
  readonly #controller = new AbortController();
  readonly #asked = Promise.withResolvers<void>();
  readonly #handlers = SIGNALS.map((name) => [name, () => this.#onSignal(name)] as const);

  constructor() {
    this.asked = this.#asked.promise;
    for (const [name, handler] of this.#handlers) process.on(name, handler);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  ask(by: string | undefined): void {
    this.by ??= by;
    this.#controller.abort(new ResproutError('UNIT_STOPPED', 'it was stopped before it had started'));
    this.#asked.resolve();
  }

  over(): void {
    for (const [name, handler] of this.#handlers) process.off(name, handler);
  }

  #onSignal(name: (typeof SIGNALS)[number]): void {
    // The guard beside this process ends what is left.
    if (this.signal.aborted) process.exit(128 + constants.signals[name]);
    this.ask(name);
  }
}
