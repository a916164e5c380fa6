// A tree that is written down as JSON: docs/supervise.schema.json. Paths are those of the folder of the file.
import path from 'node:path';
import { ResproutError } from '../../base/errors/errors.ts';
import {
  probeCommand,
  probeHttp,
  probeTcp,
  program,
  tree,
  type Declared,
  type LogOptions,
  type Probe,
  type ProbePace,
  type ProgramOptions,
  type Tree,
} from '../../supervisor.ts';

type Fields = Readonly<Record<string, unknown>>;
type Words = readonly [string, ...string[]];

const TREE = ['$schema', 'name', 'strategy', 'budget', 'startsAtOnce', 'restart', 'backOff', 'stopExitCodes', 'units'];
const KEPT = ['name', 'restart', 'backOff', 'stopExitCodes'];
const NUMBERS = ['startMs', 'cancelMs', 'killMs', 'maxAgeMs', 'maxRssMb'];
const PROGRAM = ['command', 'cwd', 'env', 'argv0', 'stopSignal', 'log', 'ready', 'liveness', 'watch', ...KEPT, ...NUMBERS];
const PACE = ['periodMs', 'timeoutMs'];

function wrong(at: string, what: string): ResproutError {
  return new ResproutError('SUPERVISE_INVALID', `${at} ${what}`, { tried: 'read a tree', saw: at, do: 'See docs/supervise.schema.json' });
}

/** An object with these fields and no other. */
function fieldsOf(value: unknown, at: string, names: readonly string[]): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(at, 'is not an object');
  const odd = Object.keys(value).find((name) => !names.includes(name));
  if (odd !== undefined) throw wrong(`${at}.${odd}`, `is not known: ${names.join(', ')}`);
  return value as Fields;
}

function wordsOf(value: unknown, at: string): Words {
  if (Array.isArray(value) && value.length > 0 && value.every((word) => typeof word === 'string')) return value as unknown as Words;
  throw wrong(at, 'is not a list of words');
}

function textOf(value: unknown, at: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw wrong(at, 'is not a text');
}

/** @param folder of the file @throws ResproutError SUPERVISE_INVALID, with the place in the document */
export function parseTree(value: unknown, folder: string): Tree {
  return treeOf(value, 'the tree', folder);
}

function treeOf(value: unknown, at: string, folder: string): Tree {
  const { $schema: _schema, units, ...options } = fieldsOf(value, at, TREE);
  if (!Array.isArray(units)) throw wrong(`${at}.units`, 'is not a list');
  const list = units.map((one: unknown, n) => {
    const here = `${at}.units[${n}]`;
    return Array.isArray(one) ? one.map((inner: unknown, m) => unitOf(inner, `${here}[${m}]`, folder)) : unitOf(one, here, folder);
  });
  return within(at, () => tree({ ...(options as object), units: list }));
}

function unitOf(value: unknown, at: string, folder: string): Declared {
  const isTree = typeof value === 'object' && value !== null && 'units' in value;
  if (isTree) return treeOf(value, at, folder);
  const { command, cwd, env, liveness, log, ready, watch, ...rest } = fieldsOf(value, at, PROGRAM);
  const options = {
    ...rest,
    cwd: cwd === undefined ? folder : path.resolve(folder, textOf(cwd, `${at}.cwd`)),
    ...(env === undefined ? {} : { env: envOf(env, `${at}.env`) }),
    ...(log === undefined ? {} : { log: logOf(log, `${at}.log`, folder) }),
    ...(ready === undefined ? {} : { ready: readyOf(ready, `${at}.ready`) }),
    ...(watch === undefined ? {} : { watch: wordsOf(watch, `${at}.watch`).map((one) => path.resolve(folder, one)) }),
    ...(liveness === undefined ? {} : { liveness: livenessOf(liveness, `${at}.liveness`) }),
  } as ProgramOptions;
  return within(at, () => program(wordsOf(command, `${at}.command`), options));
}

/** Says where in the document it is what an option is refused for. */
function within<T>(at: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof ResproutError) || error.message.startsWith('the tree')) throw error;
    throw wrong(at, `cannot be used: ${error.message}`);
  }
}

function envOf(value: unknown, at: string): Readonly<Record<string, string>> {
  const entries = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : undefined;
  if (entries?.every((entry): entry is [string, string] => typeof entry[1] === 'string') === true) return Object.fromEntries(entries);
  throw wrong(at, 'is not an object of texts');
}

function logOf(value: unknown, at: string, folder: string): LogOptions {
  const fields = typeof value === 'string' ? { file: value } : fieldsOf(value, at, ['file', 'maxBytes', 'keep']);
  return { ...fields, file: path.resolve(folder, textOf(fields['file'], `${at}.file`)) };
}

function readyOf(value: unknown, at: string): NonNullable<ProgramOptions['ready']> {
  if (value === 'begun') return 'begun';
  const isLine = typeof value === 'object' && value !== null && 'line' in value;
  if (!isLine) return probeOf(value, at, []);
  const text = textOf(fieldsOf(value, at, ['line'])['line'], `${at}.line`);
  try {
    return new RegExp(text, 'u');
  } catch (error) {
    throw wrong(`${at}.line`, `is no regular expression: ${String((error as Error).message)}`);
  }
}

function livenessOf(value: unknown, at: string): Probe & { readonly failures?: number } {
  const probe = probeOf(value, at, ['failures']);
  const { failures } = value as { readonly failures?: unknown };
  if (failures === undefined) return probe;
  if (typeof failures !== 'number') throw wrong(`${at}.failures`, 'is not a number');
  return { ...probe, failures };
}

function probeOf(value: unknown, at: string, more: readonly string[]): Probe {
  const fields = fieldsOf(value, at, ['http', 'port', 'host', 'command', ...PACE, ...more]);
  const { command, host, http, port } = fields;
  for (const name of PACE)
    if (fields[name] !== undefined && !isMs(fields[name])) throw wrong(`${at}.${name}`, 'is not a number of milliseconds from 1');
  const pace = fields as ProbePace;
  if ([command, http, port].filter((one) => one !== undefined).length !== 1) throw wrong(at, 'has not one of http, port and command');
  if (command !== undefined) return probeCommand(wordsOf(command, `${at}.command`), pace);
  if (http !== undefined) {
    if (typeof http !== 'string' || !URL.canParse(http)) throw wrong(`${at}.http`, 'is not a URL');
    return probeHttp(http, pace);
  }
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65_535) throw wrong(`${at}.port`, 'is not a port');
  return probeTcp(host === undefined ? { port } : { port, host: textOf(host, `${at}.host`) }, pace);
}

const isMs = (value: unknown): boolean => typeof value === 'number' && value >= 1 && value <= 2_147_483_647;
