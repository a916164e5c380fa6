// Values that owner and runner send each other on their channels. What the runner says is hostile: parsed once, here.
import type { ModuleRequest } from '../../../base/builds/build.ts';
import { isErrorCode } from '../../../base/errors/error-codes.ts';
import { codeOf, isResproutError, ResproutError, toError, type Problem } from '../../../base/errors/errors.ts';
import { LOG_LEVELS, type LogLine } from '../../../base/seams/log.ts';
import type { Site } from '../../../base/site.ts';

/** START: everything a runner needs to know of a session. Goes down only. */
export interface StartMessage {
  readonly session: string;
  /** `replay`: the history is gone through to its end; nothing is appended, opened or called. */
  readonly mode: 'record' | 'replay';
  /** Whether other arguments, other text and another result than the recorded ones end it; otherwise they are told. */
  readonly strict: boolean;
  /** Whether calls that may run at most once and whose outcome is unknown are made once more. */
  readonly repeatUnknown?: boolean | undefined;
  readonly build: string;
  readonly buildsFolder: string;
  /** Absolute path of the program file. */
  readonly file: string;
  readonly exportName: string;
  readonly folder: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Secrets among the arguments of calls count by their hash with this key, which is the store's and in no journal. */
  readonly secretKey: Uint8Array;
  /** Events that HISTORY carries. */
  readonly recorded: number;
}

/** A call without result, as PARKED lists it. */
export interface PendingCall {
  readonly id: number;
  readonly label: string;
  /** Name of the far context that it goes to. */
  readonly context?: string | undefined;
  readonly site?: Site | undefined;
}

/** PARKED: everything that happened is on disk and no user code runs any more. */
export interface ParkedMessage {
  readonly session: string;
  readonly unfinished: readonly PendingCall[];
  /** False when the broker speaks for a main thread that cannot: the journal knows the asynchronous calls then. */
  readonly isComplete: boolean;
}

/** An error as data. */
export interface PlainError {
  readonly code: string;
  readonly message: string;
  readonly problem: Problem;
}

/** ENDED: the session is over, or cannot go on here. What it appended is on disk. */
export interface EndedMessage {
  readonly session: string;
  /**
   * `replayed`: the program went through the whole history of a replay and agrees with it.
   * `refused`: nothing was appended and the session is as it was: diverged, or its build cannot be loaded.
   */
  readonly how: 'done' | 'failed' | 'cancelled' | 'replayed' | 'refused';
  /** The returned value or the thrown error, in bytes of the value codec. */
  readonly bytes: Uint8Array;
  readonly exitCode?: number | undefined;
  readonly dropped: readonly string[];
  /** Events of the session now, and how many of them came from the history. */
  readonly events: number;
  readonly replayed: number;
  /** Set for `refused`. */
  readonly problem?: PlainError | undefined;
}

/** LATE_MODULE: a computed import of session code. */
export interface LateRequest {
  readonly from: string;
  readonly specifier: string;
  readonly importKind: 'i' | 'r';
}

/** GET_MODULE on the link of a runner: what one of its far contexts asks for. */
export interface FarModuleRequest {
  readonly request: ModuleRequest;
  /** Absolute paths that the far side has already. */
  readonly have: readonly string[];
}

const QUESTIONS = ['host-key', 'password', 'passphrase', 'code', 'confirm'] as const;

/** ASK on the link of a runner: a question of a tool that opens a context. */
export interface AskRequest {
  readonly kind: (typeof QUESTIONS)[number];
  readonly who: string;
  readonly text: string;
  readonly fingerprint?: string | undefined;
  readonly isSecret: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

function bad(what: string): ResproutError {
  return new ResproutError('WIRE_BAD_VALUE', `a message between owner and runner is wrong: ${what}`, { saw: what });
}

function fieldsOf(value: unknown, what: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw bad(`${what} is no object`);
  return value as Fields;
}

function textOf(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string') throw bad(`${name} is no text`);
  return value;
}

function wholeOf(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw bad(`${name} is no whole number`);
  return value;
}

function bytesOf(fields: Fields, name: string): Uint8Array {
  const value = fields[name];
  if (!(value instanceof Uint8Array)) throw bad(`${name} is no bytes`);
  return value;
}

function listOf<T>(fields: Fields, name: string, item: (value: unknown) => T): T[] {
  const value = fields[name];
  if (!Array.isArray(value)) throw bad(`${name} is no list`);
  return value.map((one: unknown) => item(one));
}

function oneOf<T extends string>(fields: Fields, name: string, allowed: readonly T[]): T {
  const found = allowed.find((value) => value === fields[name]);
  if (found === undefined) throw bad(`${name} is none of ${allowed.join(', ')}`);
  return found;
}

const textItem = (value: unknown): string => {
  if (typeof value !== 'string') throw bad('an item of a list is no text');
  return value;
};

function parsePending(value: unknown): PendingCall {
  const fields = fieldsOf(value, 'an unfinished call');
  const { site } = fields;
  const context = fields['context'] === undefined ? undefined : textOf(fields, 'context');
  const call = { id: wholeOf(fields, 'id'), label: textOf(fields, 'label'), context };
  if (site === undefined) return call;
  const place = fieldsOf(site, 'site');
  return {
    ...call,
    site: { id: textOf(place, 'id'), file: textOf(place, 'file'), line: wholeOf(place, 'line'), column: wholeOf(place, 'column') },
  };
}

/** @throws ResproutError WIRE_BAD_VALUE */
export function parseStart(value: unknown): StartMessage {
  const fields = fieldsOf(value, 'START');
  const env = fieldsOf(fields['env'], 'env');
  return {
    session: textOf(fields, 'session'),
    mode: oneOf(fields, 'mode', ['record', 'replay']),
    strict: fields['strict'] === true,
    repeatUnknown: fields['repeatUnknown'] === true,
    build: textOf(fields, 'build'),
    buildsFolder: textOf(fields, 'buildsFolder'),
    file: textOf(fields, 'file'),
    exportName: textOf(fields, 'exportName'),
    folder: textOf(fields, 'folder'),
    argv: listOf(fields, 'argv', textItem),
    env: Object.fromEntries(Object.entries(env).map(([name, text]) => [name, textItem(text)])),
    secretKey: bytesOf(fields, 'secretKey'),
    recorded: wholeOf(fields, 'recorded'),
  };
}

/** The text that SECRET tells. @throws ResproutError WIRE_BAD_VALUE */
export function parseSecret(value: unknown): string {
  return textOf(fieldsOf(value, 'SECRET'), 'text');
}

/** @throws ResproutError WIRE_BAD_VALUE */
export function parseParked(value: unknown): ParkedMessage {
  const fields = fieldsOf(value, 'PARKED');
  return {
    session: textOf(fields, 'session'),
    unfinished: listOf(fields, 'unfinished', parsePending),
    isComplete: fields['isComplete'] === true,
  };
}

/** @throws ResproutError WIRE_BAD_VALUE */
export function parseEnded(value: unknown): EndedMessage {
  const fields = fieldsOf(value, 'ENDED');
  const { bytes, exitCode, problem } = fields;
  if (!(bytes instanceof Uint8Array)) throw bad('bytes are no bytes');
  return {
    session: textOf(fields, 'session'),
    how: oneOf(fields, 'how', ['done', 'failed', 'cancelled', 'replayed', 'refused']),
    bytes,
    exitCode: exitCode === undefined ? undefined : wholeOf(fields, 'exitCode'),
    dropped: listOf(fields, 'dropped', textItem),
    events: wholeOf(fields, 'events'),
    replayed: wholeOf(fields, 'replayed'),
    problem: problem === undefined ? undefined : parsePlainError(problem),
  };
}

/** @throws ResproutError WIRE_BAD_VALUE */
export function parseLateRequest(value: unknown): LateRequest {
  const fields = fieldsOf(value, 'LATE_MODULE');
  return { from: textOf(fields, 'from'), specifier: textOf(fields, 'specifier'), importKind: oneOf(fields, 'importKind', ['i', 'r']) };
}

/** @throws ResproutError WIRE_BAD_VALUE */
export function parseFarModuleRequest(value: unknown): FarModuleRequest {
  const fields = fieldsOf(value, 'GET_MODULE');
  const request = fieldsOf(fields['request'], 'request');
  const have = listOf(fields, 'have', textItem);
  const build = textOf(request, 'build');
  const kind = oneOf(request, 'kind', ['root', 'late', 'data']);
  if (kind === 'root') return { request: { kind, build, file: textOf(request, 'file') }, have };
  const { serve } = request;
  if (serve !== undefined && !(Array.isArray(serve) && serve.every((glob) => typeof glob === 'string')))
    throw bad('serve is no list of texts');
  if (kind === 'data')
    return { request: { kind, build, from: textOf(request, 'from'), specifier: textOf(request, 'specifier'), serve }, have };
  return { request: { kind, build, ...parseLateRequest(request), serve }, have };
}

/** @throws ResproutError WIRE_BAD_VALUE */
export function parseLogLine(value: unknown): LogLine {
  const fields = fieldsOf(value, 'LOG');
  return {
    context: textOf(fields, 'context'),
    stream: oneOf(fields, 'stream', ['console', 'stdout', 'stderr', 'transport']),
    level: oneOf(fields, 'level', LOG_LEVELS),
    text: textOf(fields, 'text'),
  };
}

/** @throws ResproutError WIRE_BAD_VALUE */
export function parseAsk(value: unknown): AskRequest {
  const fields = fieldsOf(value, 'ASK');
  return {
    kind: oneOf(fields, 'kind', QUESTIONS),
    who: textOf(fields, 'who'),
    text: textOf(fields, 'text'),
    fingerprint: fields['fingerprint'] === undefined ? undefined : textOf(fields, 'fingerprint'),
    isSecret: fields['isSecret'] !== false,
  };
}

/** An error as data that the value codec takes. */
export function plainError(thrown: unknown): PlainError {
  const error = toError(thrown);
  const code = codeOf(error);
  return { code: code ?? 'INTERNAL', message: error.message, problem: code === undefined || !isResproutError(error) ? {} : error.problem };
}

/** @throws ResproutError WIRE_BAD_VALUE */
export function parsePlainError(value: unknown): PlainError {
  const fields = fieldsOf(value, 'an error');
  const problem = fieldsOf(fields['problem'] ?? {}, 'problem');
  const { at } = problem;
  const line = (name: string): string | undefined => (problem[name] === undefined ? undefined : textOf(problem, name));
  let place: Problem['at'];
  if (at !== undefined) {
    const where = fieldsOf(at, 'at');
    place = { file: textOf(where, 'file'), line: wholeOf(where, 'line'), column: wholeOf(where, 'column') };
  }
  return {
    code: textOf(fields, 'code'),
    message: textOf(fields, 'message'),
    problem: { at: place, tried: line('tried'), saw: line('saw'), kept: line('kept'), do: line('do') },
  };
}

/** The error that data stands for; a code that this version does not know is INTERNAL. */
export function errorOfPlain({ code, message, problem }: PlainError): ResproutError {
  return new ResproutError(isErrorCode(code) ? code : 'INTERNAL', message, problem);
}
