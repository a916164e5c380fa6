import type { RunControl, SessionOptions } from '../../worker/index.ts';
import type { RunScreen } from '../run/run-screen.ts';
import { shownSecrets } from '../shown-secrets.ts';
import { storeFolder } from '../arguments/store-folder.ts';
import type { CommonOptions, Terminal } from '../terminal.ts';

/** The options that run, resume, cancel and replay hand to the worker. */
export function sessionOptions(
  terminal: Terminal,
  options: CommonOptions & { readonly grace?: number | undefined },
  screen: RunScreen,
  control?: RunControl,
): SessionOptions {
  return {
    storeFolder: storeFolder(options.store, terminal.env, terminal.cwd),
    env: programEnv(terminal),
    command: `resprout ${process.argv.slice(2, 4).join(' ')}`,
    graceMs: options.grace,
    control,
    observer: screen,
    secrets: shownSecrets,
    output: screen.output,
    ask: terminal.stderr.isTTY ? (question, signal) => screen.ask(question, signal) : undefined,
  };
}

/** The program's environment: ours, with the width and colours of our terminal, since its own streams are pipes. */
function programEnv(terminal: Terminal): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(terminal.env)) if (value !== undefined) env[name] = value;
  if (terminal.stdout.isTTY) {
    env['COLUMNS'] ??= String(terminal.stdout.columns);
    if (env['NO_COLOR'] === undefined) env['FORCE_COLOR'] ??= '1';
  }
  return env;
}
