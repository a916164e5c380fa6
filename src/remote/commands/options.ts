import { ResproutError } from '../../base/errors/errors.ts';
import { isSecret, type Secret } from '../../base/secret.ts';
import type { CommandOrder } from '../child/commands/order.ts';

/** Options of a command, given before its template: ``context.$({ cwd: '/srv' })`…` ``. */
export interface CommandOptions {
  /** Folder in which it starts; that of the far process when absent. */
  readonly cwd?: string | undefined;
  /** Variables laid over those of the far process; undefined takes one away. A Secret is visible there to its user and to root only. */
  readonly env?: Readonly<Record<string, string | Secret | undefined>> | undefined;
  /** Whether the command gets the variables of the far process too; true when absent. */
  readonly extendEnv?: boolean | undefined;
  /**
   * What the command reads on its stdin: a text, bytes, a Secret, or pieces as they come (any async iterable: a generator, a stream of Node, a
   * ReadableStream). Nothing when absent.
   */
  readonly input?: string | Uint8Array | Secret | AsyncIterable<string | Uint8Array> | undefined;
  /** Milliseconds after which it is ended with all its processes: COMMAND_TIMEOUT. No limit when absent. */
  readonly timeoutMs?: number | undefined;
  /** Ends it with all its processes: REMOTE_CALL_ABORTED. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds from SIGTERM to SIGKILL for a command that is ended; 5,000 when absent. */
  readonly killGraceMs?: number | undefined;
  /**
   * Gives the text to a shell of the far side: true = `/bin/sh`, or the path of one of the same family. What stands in `${…}` is quoted for it.
   * False when absent.
   */
  readonly shell?: boolean | string | undefined;
  /** Bytes of stdout and of stderr each, or of one line that is iterated, at most: COMMAND_OUTPUT_LIMIT. 8 MiB when absent. */
  readonly maxBufferBytes?: number | undefined;
  /** `bytes`: output as `Uint8Array`. `utf8` when absent. */
  readonly encoding?: 'utf8' | 'bytes' | undefined;
  /** Output of the result as an array of lines. False when absent. */
  readonly lines?: boolean | undefined;
  /** Whether the last line end is cut off; true when absent. Bytes are never cut. */
  readonly stripFinalNewline?: boolean | undefined;
  /** False: a command that fails gives its result in place of an error. True when absent. */
  readonly reject?: boolean | undefined;
}

/** What output is with these options, `Out` being what it was before. */
export type OutputOf<Options extends CommandOptions, Out> = Options extends { readonly encoding: 'bytes' }
  ? Uint8Array
  : Options extends { readonly lines: true }
    ? readonly string[]
    : Options extends { readonly lines: false } | { readonly encoding: 'utf8' }
      ? string
      : Out;

const MAX_BUFFER_BYTES = 8 * 1024 * 1024;
const KILL_GRACE_MS = 5000;
const LONGEST_MS = 2_147_483_647;

type Check = readonly [name: keyof CommandOptions, isFine: (value: unknown) => boolean, form: string];

const isText = (value: unknown): boolean => typeof value === 'string' && !value.includes('\0');
const isBoolean = (value: unknown): boolean => typeof value === 'boolean';
const isCount = (least: number, most: number) => (value: unknown) =>
  Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
const isAsyncIterable = (value: unknown): boolean => typeof value === 'object' && value !== null && Symbol.asyncIterator in value;

const CHECKS: readonly Check[] = [
  ['cwd', (value) => isText(value) && value !== '', 'a path'],
  ['env', isEnvironment, 'an object of texts and Secrets'],
  ['extendEnv', isBoolean, 'true or false'],
  [
    'input',
    (value) => typeof value === 'string' || value instanceof Uint8Array || isSecret(value) || isAsyncIterable(value),
    'a text, bytes, a Secret or an async iterable of them',
  ],
  ['timeoutMs', isCount(1, LONGEST_MS), `a whole number of milliseconds from 1 to ${LONGEST_MS}`],
  ['signal', (value) => value instanceof AbortSignal, 'an AbortSignal'],
  ['killGraceMs', isCount(0, LONGEST_MS), `a whole number of milliseconds from 0 to ${LONGEST_MS}`],
  ['shell', (value) => isBoolean(value) || (isText(value) && value !== ''), 'true, false or the path of a shell'],
  ['maxBufferBytes', isCount(1, Number.MAX_SAFE_INTEGER), 'a whole number of bytes from 1 on'],
  ['encoding', (value) => value === 'utf8' || value === 'bytes', '"utf8" or "bytes"'],
  ['lines', isBoolean, 'true or false'],
  ['stripFinalNewline', isBoolean, 'true or false'],
  ['reject', isBoolean, 'true or false'],
];

function isEnvironment(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || isSecret(value)) return false;
  return Object.entries(value).every(
    ([name, text]) => name !== '' && !/[=\0]/.test(name) && (text === undefined || isText(text) || isSecret(text)),
  );
}

/** @throws ResproutError CALL_OPTIONS_INVALID */
export function checkCommandOptions(options: CommandOptions): CommandOptions {
  if (typeof options !== 'object' || options === null) throw refused('the options of a command', 'an object');
  for (const name of Object.keys(options))
    if (!CHECKS.some(([known]) => known === name))
      throw refused(`"${name}" of a command`, `one of ${CHECKS.map(([known]) => known).join(', ')}`);
  for (const [name, isFine, form] of CHECKS)
    if (options[name] !== undefined && !isFine(options[name])) throw refused(`"${name}" of a command`, form);
  if (options.lines === true && options.encoding === 'bytes') throw refused('"lines" together with "encoding": "bytes"', 'one of the two');
  return options;
}

function refused(what: string, form: string): ResproutError {
  return new ResproutError('CALL_OPTIONS_INVALID', `${what} is not ${form}`, { do: `Give ${form}` });
}

/** Later options go over earlier ones; of two environments, the later variables go over the earlier. */
export function mergeOptions(first: CommandOptions, second: CommandOptions): CommandOptions {
  const env = first.env === undefined ? second.env : { ...first.env, ...second.env };
  return { ...first, ...second, env };
}

/** What of the options is for the far side. */
export function orderOptions(options: CommandOptions): Omit<CommandOrder, 'argv'> {
  const {
    cwd,
    encoding,
    env,
    extendEnv = true,
    input,
    killGraceMs = KILL_GRACE_MS,
    maxBufferBytes = MAX_BUFFER_BYTES,
    timeoutMs,
  } = options;
  return { cwd, env, isEnvExtended: extendEnv, input, timeoutMs, maxBufferBytes, killGraceMs, isBinary: encoding === 'bytes' };
}
