// What a program reads of its process and its machine. Recorded where it is read; what a process keeps for its life (its number) once.
import os from 'node:os';
import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import type { Session } from '../../replay/session/session-api.ts';
import { needLate } from '../edge/late.ts';
import { watchBuiltin } from '../edge/packages/tripwire.ts';
import type { Patcher } from '../globals/patch.ts';
import { processOf } from './session-process.ts';

type AnyFunction = (...args: unknown[]) => unknown;

const READS_OF_PROCESS = [
  'memoryUsage',
  'cpuUsage',
  'threadCpuUsage',
  'resourceUsage',
  'constrainedMemory',
  'availableMemory',
  'getuid',
  'geteuid',
  'getgid',
  'getegid',
  'getgroups',
] as const;

const READS_OF_OS = [
  'availableParallelism',
  'cpus',
  'freemem',
  'getPriority',
  'homedir',
  'hostname',
  'loadavg',
  'machine',
  'networkInterfaces',
  'release',
  'totalmem',
  'uptime',
  'userInfo',
  'version',
] as const;

const readFile = readFileSync;

/** A synchronous function that the session answers from its journal. */
function record(patcher: Patcher, holder: object, key: string, name: string, isEffect: (args: readonly unknown[]) => boolean): void {
  const original: unknown = Reflect.get(holder, key);
  if (typeof original !== 'function') return;
  const run = original as AnyFunction;
  patcher.replace(holder, key, 'own', function (this: unknown, ...args: unknown[]): unknown {
    const session = patcher.session();
    if (session === undefined) return Reflect.apply(run, this, args);
    return session.world.callSync(name, args, isEffect(args), () => Reflect.apply(run, holder, args));
  });
}

const isRead = (): boolean => false;

/** The number of a process and of its parent: those of the process in which the program asked first. */
function once(patcher: Patcher, key: 'pid' | 'ppid'): void {
  const property = Object.getOwnPropertyDescriptor(process, key);
  const read = (): unknown => (property?.get === undefined ? property?.value : Reflect.apply(property.get, process, []));
  Object.defineProperty(process, key, {
    configurable: true,
    enumerable: true,
    get: () => {
      const session = patcher.session();
      return session === undefined ? read() : factOf(session, key, read);
    },
  });
}

function factOf(session: Session, key: string, read: () => unknown): unknown {
  const { facts } = processOf(session);
  // An ended session has nothing recorded any more; whatever still runs of it may know the real number.
  if (!facts.has(key)) {
    if (!session.open) return read();
    facts.set(key, session.world.callSync(`node:process.${key}`, [], false, read));
  }
  return facts.get(key);
}

/** `process.loadEnvFile`: the text is recorded, and what it names goes into the session's environment. */
function patchEnvFile(patcher: Patcher): void {
  const { loadEnvFile } = process;
  patcher.replace(process, 'loadEnvFile', 'own', (path?: string | URL | Buffer): void => {
    const session = patcher.session();
    if (session === undefined) return Reflect.apply(loadEnvFile, process, path === undefined ? [] : [path]);
    const text = session.world.callSync('node:process.loadEnvFile', [String(path ?? '.env')], false, () =>
      readFile(path ?? '.env', 'utf8'),
    );
    for (const [name, value] of Object.entries(parseEnv(text)))
      if (value !== undefined && !Object.hasOwn(session.env, name)) session.env[name] = value;
    return undefined;
  });
}

/** A builtin that the program takes by its name is known like one that it imports. */
function patchBuiltins(patcher: Patcher): void {
  const { getBuiltinModule } = process;
  patcher.replace(process, 'getBuiltinModule', 'language', (name: string): unknown => {
    needLate(String(name));
    const found: unknown = Reflect.apply(getBuiltinModule, process, [name]);
    const target = name.startsWith('node:') ? name : `node:${name}`;
    if (found === undefined) return found;
    watchBuiltin(patcher.realm, target);
    patcher.realm.registerModule(target, target, found);
    return found;
  });
}

const OF_THE_PROGRAM = new Set(['Timeout', 'Immediate']);

/** `process.getActiveResourcesInfo`: timers and immediates are the session's, what else there is was recorded. */
function patchResources(patcher: Patcher): void {
  const { getActiveResourcesInfo } = process;
  const others = (): string[] => getActiveResourcesInfo.call(process).filter((kind) => !OF_THE_PROGRAM.has(kind));
  patcher.replace(process, 'getActiveResourcesInfo', 'own', (): string[] => {
    const session = patcher.session();
    if (session === undefined) return getActiveResourcesInfo.call(process);
    const { timers, immediates } = session.world.held();
    return [
      ...session.world.callSync('node:process.getActiveResourcesInfo', [], false, others),
      ...Array.from({ length: timers }, () => 'Timeout'),
      ...Array.from({ length: immediates }, () => 'Immediate'),
    ];
  });
}

/** Facts of process and machine are part of the journal. */
export function patchFacts(patcher: Patcher): void {
  once(patcher, 'pid');
  once(patcher, 'ppid');
  for (const name of READS_OF_PROCESS) record(patcher, process, name, `node:process.${name}`, isRead);
  record(patcher, process.memoryUsage, 'rss', 'node:process.memoryUsage.rss', isRead);
  patchResources(patcher);
  record(patcher, process, 'umask', 'node:process.umask', (args) => args.length > 0);
  const { uptime } = process;
  patcher.replace(process, 'uptime', 'language', (): number => {
    const session = patcher.session();
    return session === undefined ? uptime() : session.world.sinceStartMs() / 1000;
  });
  patchEnvFile(patcher);
  patchBuiltins(patcher);
  for (const name of READS_OF_OS) record(patcher, os, name, `node:os.${name}`, isRead);
  record(patcher, os, 'setPriority', 'node:os.setPriority', () => true);
}
