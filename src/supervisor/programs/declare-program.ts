// Declares a program that is not ours.
import { basename } from 'node:path';
import { callFrames } from '../../platform/engine/call-sites.ts';
import { checkCount, invalidOption } from '../contract/options.ts';
import type { Probe } from '../probes/probe.ts';
import { declareUnit } from '../supervisor/declare.ts';
import type { Unit, UnitOptions } from '../supervisor/declared.ts';
import { programPlace, type KeptLog, type LogOptions, type StopSignal } from './program-place.ts';

/** Options of a program. Those of a unit that speak of Node and of Runtimes are left out. */
export interface ProgramOptions extends Omit<UnitOptions, 'in' | 'ready' | 'memoryMb' | 'execArgv' | 'watchdogMs' | 'drainMs' | 'leaveMs'> {
  /** When it is ready: at once, when a line that it prints fits, or when a probe answers well. @default 'begun' */
  readonly ready?: 'begun' | RegExp | Probe | undefined;
  /** Where its output goes: a file that is put away when it is large. Where this program prints when absent. */
  readonly log?: string | LogOptions | undefined;
  /** What asks it to end. @default 'SIGTERM' */
  readonly stopSignal?: StopSignal | undefined;
}

const MiB = 1_048_576;
/** What stands where a unit has its Runtime: nothing of it is called. */
const NO_RUNTIME = { run: (): void => {} };
const SIGNALS: readonly string[] = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'];

/**
 * Declares a program as a unit of a tree: `program(['redis-server', '--port', '7000'], { ready: /Ready to accept/ })`. It is found as a shell
 * finds it; no shell is in between. @throws ResproutError SUPERVISE_INVALID
 */
export function program(command: readonly [string, ...string[]], options: ProgramOptions = {}): Unit {
  if (!Array.isArray(command) || command.length === 0 || !command.every((word) => typeof word === 'string' && !word.includes('\0')))
    throw invalidOption('command', command, 'a list of words, the program first');
  const { log, ready = 'begun', stopSignal = 'SIGTERM', ...rest } = options;
  if (!SIGNALS.includes(stopSignal)) throw invalidOption('stopSignal', stopSignal, SIGNALS.join(', '));
  const isLine = ready instanceof RegExp;
  const name = options.name ?? basename(command[0]);
  const unit = declareUnit(NO_RUNTIME, undefined, { ...rest, name, ready: isLine ? 'told' : ready }, callFrames(2), new Error());
  return { ...unit, place: programPlace({ command, readyLine: isLine ? ready : undefined, log: logOf(log), stopSignal }) };
}

function logOf(log: string | LogOptions | undefined): KeptLog | undefined {
  if (log === undefined) return undefined;
  const { file, keep = 5, maxBytes = 10 * MiB }: LogOptions = typeof log === 'string' ? { file: log } : log;
  if (typeof file !== 'string' || file === '') throw invalidOption('log.file', file, 'the path of a file');
  checkCount('log.maxBytes', maxBytes, 1024);
  checkCount('log.keep', keep, 1);
  return { file, keep, maxBytes };
}
