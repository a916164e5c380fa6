// process.*: a session has its own environment, folder, arguments and exit.
import { ResproutError } from '../../../base/errors.ts';
import type { Patcher } from './patch.ts';
import { real } from './real.ts';

/** Whether sessions have the process for themselves. */
export type ProcessUse = 'own' | 'shared';

function refuse(what: string): never {
  throw new ResproutError('SESSION_PROCESS_WIDE', `${what} changes the whole process, and other sessions run in it`, {
    tried: what,
    do: 'Give the session a process of its own',
  });
}

/** `process.env` becomes a getter: the program reads and writes its session's copy, activities of the session too. */
function patchEnv(patcher: Patcher): void {
  const host = process.env;
  Object.defineProperty(process, 'env', {
    configurable: true,
    enumerable: true,
    get: () => patcher.realm.owner()?.env ?? host,
    set: (given: Record<string, string>) => {
      const owner = patcher.realm.owner();
      if (owner === undefined) return;
      for (const key of Object.keys(owner.env)) delete owner.env[key];
      for (const [key, value] of Object.entries(given)) owner.env[key] = String(value);
    },
  });
}

function patchFolder(patcher: Patcher, use: ProcessUse): void {
  patcher.replace(process, 'cwd', 'language', (): string => patcher.realm.owner()?.folder ?? real.cwd());
  patcher.replace(process, 'chdir', 'own', (folder: string): void => {
    const session = patcher.session();
    if (session === undefined) return real.chdir(folder);
    if (use === 'shared') return refuse('process.chdir()');
    const enter = (): string => {
      real.chdir(folder);
      return real.cwd();
    };
    session.folder = session.world.callSync('node:process.chdir', [folder], true, enter);
    // On replay the answer comes from the journal, and the process still has to go there.
    if (real.cwd() !== session.folder) real.chdir(session.folder);
    return undefined;
  });
}

/** Handlers of the process's end and of signals belong to whoever owns the process. */
function patchHandlers(patcher: Patcher, use: ProcessUse): void {
  const isWide = (event: unknown): boolean =>
    typeof event === 'string' && (event.startsWith('SIG') || event === 'exit' || event === 'beforeExit');
  for (const name of ['on', 'once', 'addListener', 'prependListener'] as const) {
    const original = process[name].bind(process) as (event: string, listener: () => void) => NodeJS.Process;
    patcher.replace(process, name, 'own', (event: string, listener: () => void): NodeJS.Process => {
      const session = patcher.session();
      if (session === undefined || !isWide(event)) return original(event, listener);
      if (use === 'shared') return refuse(`process.${name}('${event}')`);
      // Signals park the session and its end is in the journal: such a handler would never run at the same place again.
      return process;
    });
  }
}

/** Patches what of `process` belongs to a session. */
export function patchProcess(patcher: Patcher, use: ProcessUse): void {
  patchEnv(patcher);
  patchFolder(patcher, use);
  patchHandlers(patcher, use);
  patcher.replace(process, 'exit', 'own', (code?: unknown): never => {
    const session = patcher.session();
    if (session === undefined) return real.exit(code as number);
    return session.exit(Number(code ?? process.exitCode ?? 0));
  });
}
