// A digest as data: what `SessionDigest` keeps and goes on from. What was kept is hostile until it is parsed; what is not right is no digest,
// and the journal is read instead.
import { END_KINDS } from '../events/event-record.ts';

/** The start of a session, as far as lists need it. */
export interface DigestedStart {
  readonly file: string;
  readonly exportName: string;
  readonly folder: string;
  readonly atMs: number;
}

/** The end of a session. */
export interface DigestedEnd {
  readonly how: (typeof END_KINDS)[number];
  readonly exitCode: number;
  /** First line of the error. */
  readonly summary: string | undefined;
}

/** A call or timer that has no result yet. */
export interface PendingWork {
  readonly id: number;
  readonly label: string;
  readonly context: string | undefined;
  /** Set for a timer. */
  readonly dueMs: number | undefined;
}

/** Data of a digest. */
export interface DigestState {
  readonly events: number;
  readonly calls: number;
  readonly start: DigestedStart;
  readonly builds: readonly string[];
  readonly lastMs: number;
  readonly pending: readonly PendingWork[];
  readonly end: DigestedEnd | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null ? (value as Fields) : undefined;
}

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isText = (value: unknown): value is string => typeof value === 'string';
const isMaybe =
  <T>(is: (value: unknown) => value is T) =>
  (value: unknown): value is T | undefined =>
    value === undefined || is(value);

/** The digest that a value is; undefined when it is none. */
export function readDigestState(value: unknown): DigestState | undefined {
  const { events, calls, lastMs, builds, pending, ...rest } = fieldsOf(value) ?? {};
  const start = startIn(rest['start']);
  const end = rest['end'] === undefined ? undefined : endIn(rest['end']);
  if (!isWhole(events) || events < 1 || !isWhole(calls) || !isNumber(lastMs) || start === undefined) return undefined;
  if (rest['end'] !== undefined && end === undefined) return undefined;
  if (!Array.isArray(builds) || !builds.every(isText) || builds.length === 0 || !Array.isArray(pending)) return undefined;
  const works = pending.map(workIn);
  if (!works.every((work) => work !== undefined)) return undefined;
  return { events, calls, start, builds, lastMs, pending: works, end };
}

function startIn(value: unknown): DigestedStart | undefined {
  const { file, exportName, folder, atMs } = fieldsOf(value) ?? {};
  return isText(file) && isText(exportName) && isText(folder) && isNumber(atMs) ? { file, exportName, folder, atMs } : undefined;
}

function endIn(value: unknown): DigestedEnd | undefined {
  const { how, exitCode, summary } = fieldsOf(value) ?? {};
  const known = END_KINDS.find((kind) => kind === how);
  return known !== undefined && isWhole(exitCode) && isMaybe(isText)(summary) ? { how: known, exitCode, summary } : undefined;
}

function workIn(value: unknown): PendingWork | undefined {
  const { id, label, context, dueMs } = fieldsOf(value) ?? {};
  return isWhole(id) && isText(label) && isMaybe(isText)(context) && isMaybe(isNumber)(dueMs) ? { id, label, context, dueMs } : undefined;
}
