import childProcess from 'node:child_process';
import { promisify } from 'node:util';
import type { Session } from '../../../replay/session/session-api.ts';
import type { Patcher } from '../../globals/patch.ts';
import { markClass } from '../mark.ts';
import { natives } from '../natives.ts';
import { ExecChild } from './exec-child.ts';
import { execFilePuppet, execPuppet, promised } from './exec.ts';
import { PuppetChild } from './puppet-child.ts';
import { forkPuppet, spawnPuppet } from './spawn.ts';
import { outsideOptions, shownArguments, withStdio } from './spawn-options.ts';

type Exec = (session: Session, ...args: unknown[]) => unknown;
type AnyFunction = (...args: unknown[]) => unknown;

const call = (fn: unknown, args: readonly unknown[]): unknown => Reflect.apply(fn as AnyFunction, childProcess, [...args]) as unknown;

function patchExec(patcher: Patcher, name: 'exec' | 'execFile', run: Exec): void {
  const original = natives[name];
  const custom = Reflect.get(original, promisify.custom) as AnyFunction;
  const patched = (...args: unknown[]): unknown => {
    const session = patcher.session();
    return session === undefined ? call(original, args) : run(session, ...args);
  };
  const promising = (...args: unknown[]): unknown => {
    const session = patcher.session();
    return session === undefined ? call(custom, args) : promised((...all) => run(session, ...all) as ReturnType<typeof execPuppet>, args);
  };
  patcher.realm.kinds.mark(promising, 'own');
  Object.defineProperty(patched, promisify.custom, { value: promising, configurable: true });
  patcher.replace(childProcess, name, 'own', patched);
}

/** Calls that block: recorded with their result. */
function patchSync(patcher: Patcher): void {
  const record = (
    session: Session,
    name: 'execSync' | 'execFileSync' | 'spawnSync',
    file: unknown,
    args: unknown,
    options: unknown,
  ): unknown => {
    const input: unknown = typeof options === 'object' && options !== null ? Reflect.get(options, 'input') : undefined;
    const outside = { ...outsideOptions(session, options), ...limits(options) };
    return session.world.callSync(`node:child_process.${name}`, [...shownArguments(file, args, options), input], true, () =>
      call(natives[name], name === 'execSync' ? [file, withStdio(session, outside)] : [file, args, withStdio(session, outside)]),
    );
  };
  patcher.replace(childProcess, 'execSync', 'own', (command: unknown, options?: unknown): unknown => {
    const session = patcher.session();
    return session === undefined ? call(natives.execSync, [command, options]) : record(session, 'execSync', command, [], options);
  });
  for (const name of ['execFileSync', 'spawnSync'] as const)
    patcher.replace(childProcess, name, 'own', (file: unknown, args?: unknown, options?: unknown): unknown => {
      const session = patcher.session();
      if (session === undefined) return call(natives[name], [file, args, options]);
      const isOptions = typeof args === 'object' && args !== null && !Array.isArray(args);
      return isOptions ? record(session, name, file, [], args) : record(session, name, file, args ?? [], options);
    });
}

/** Time limit and signal of a call that blocks are Node's to keep. */
function limits(options: unknown): object {
  if (typeof options !== 'object' || options === null) return {};
  const found = Object.entries(options).filter(([name, value]) => (name === 'timeout' || name === 'killSignal') && value !== undefined);
  return Object.fromEntries(found);
}

/** Child processes of sessions are puppets; exec, execFile and the calls that block are calls. */
export function patchChildProcess(patcher: Patcher): void {
  patcher.replace(childProcess, 'spawn', 'own', (file: unknown, args?: unknown, options?: unknown): unknown => {
    const session = patcher.session();
    return session === undefined ? call(natives.spawn, [file, args, options]) : spawnPuppet(session, file, args, options);
  });
  patcher.replace(childProcess, 'fork', 'own', (file: unknown, args?: unknown, options?: unknown): unknown => {
    const session = patcher.session();
    return session === undefined ? call(natives.fork, [file, args, options]) : forkPuppet(session, file, args, options);
  });
  patchExec(patcher, 'exec', execPuppet);
  patchExec(patcher, 'execFile', execFilePuppet);
  patchSync(patcher);
  markClass(patcher.realm.kinds, PuppetChild);
  markClass(patcher.realm.kinds, ExecChild);
}
