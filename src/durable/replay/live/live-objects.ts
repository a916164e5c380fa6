// Objects from outside that the program holds: connections, clients, statements, iterators.
// 1. On replay the program holds a stand-in. The object itself is made again at its first unrecorded use, by its recorded call and the recorded
//    calls that only set it up (they gave it back, or made another object of it), so a full replay opens nothing.
// 2. Other calls answered from the journal were not made on the new object, and may have changed its state: the first new call on it, or on what it
//    was made of, fails loudly instead of going on with other state.
// 3. Closing what is lost does nothing: a throw in `finally` would hide the real error.
import { ResproutError } from '../../../base/errors/errors.ts';
import type { Site } from '../../../base/site.ts';
import { isObject } from '../kinds/value-checks.ts';

/** What a session knows of a live object. */
export interface LiveInfo {
  readonly className: string;
  /** Package or builtin it came from; empty when unknown. */
  readonly module: string;
  /** Call that made it, and where. */
  readonly callId: number;
  readonly site: Site;
  /** Calls on it that were answered from the journal, so they were made on an object that is gone. */
  answered: number;
  /** Number of the last of them. */
  lastAnswered: number;
  /** Whether one of them may have changed its state. */
  dirty: boolean;
  /** Whether a recorded call ended it. */
  isClosed: boolean;
  /** Whether the program holds a stand-in: the object itself went with its process. */
  readonly isStandIn: boolean;
  /** Opens the object behind a stand-in; gives a promise when its call is asynchronous. */
  readonly reopen?: (() => unknown) | undefined;
  /** The object that it was made of: what is done to a statement changes its database. */
  readonly parent?: LiveInfo | undefined;
  /** Recorded calls on it that gave it back, in order: they only set it up, so they are made again on another one. */
  readonly steps: ((real: object) => unknown)[];
  /** The real object behind a stand-in, when it has been opened. */
  real?: object | undefined;
}

/** What is known of a live object when it is met. */
export type NewLiveInfo = Omit<LiveInfo, 'answered' | 'lastAnswered' | 'dirty' | 'isClosed' | 'steps'>;

const CLOSERS = new Set([
  'close',
  'end',
  'release',
  'destroy',
  'dispose',
  'quit',
  'disconnect',
  'abort',
  'unref',
  'terminate',
  'return',
  'cancel',
]);

/** Whether a method of this name ends its object. */
export const isCloser = (method: string): boolean => CLOSERS.has(method);

/** Name of the class of a value, as the journal keeps it. */
export function classNameOf(value: unknown): string {
  if (!isObject(value)) return 'Object';
  const { constructor } = value;
  return typeof constructor === 'function' && constructor.name !== '' ? constructor.name : 'Object';
}

const place = (site: Site): string => (site.line > 0 ? `${site.file}:${String(site.line)}` : site.id);
const opening = (info: LiveInfo): string =>
  info.callId < 0 ? 'when its module was loaded' : `call #${String(info.callId)} at ${place(info.site)}`;

/** The error of a new call on an object whose state went with its process. */
export function lostError(fn: string, info: LiveInfo, site: Site): ResproutError {
  const opened = opening(info);
  return new ResproutError(
    'LIVE_OBJECT_LOST',
    `${fn} at ${place(site)}: this ${info.className} was opened by an earlier process (${opened}) and its state went with it`,
    {
      at: site.line > 0 ? { file: site.file, line: site.line, column: site.column } : undefined,
      tried: fn,
      saw: `the ${info.className} of ${opened} is gone after ${String(info.answered)} recorded calls`,
      kept: 'Everything recorded before this call',
      do: 'Catch this error and open it again, or put the whole exchange into one activity()',
    },
  );
}

/** The error of a new step on a half-read iterator or stream. */
export function interruptedError(fn: string, info: LiveInfo, site: Site): ResproutError {
  const opened = opening(info);
  return new ResproutError(
    'STREAM_INTERRUPTED',
    `${fn} at ${place(site)}: this iteration (${opened}) was cut off after ${String(info.answered)} steps when the session moved to another process`,
    {
      at: site.line > 0 ? { file: site.file, line: site.line, column: site.column } : undefined,
      tried: fn,
      saw: `${String(info.answered)} steps are in the journal, and the source can only begin again`,
      kept: 'The items received before',
      do: 'Catch this error and read again from a place you remember, or read everything inside one activity()',
    },
  );
}

/** The live objects of one session. */
export class LiveObjects {
  readonly #infos = new WeakMap<object, LiveInfo>();
  #hasAny = false;

  /** Whether there ever was a live object. */
  get hasAny(): boolean {
    return this.#hasAny;
  }
  /** What is known of a value; undefined when it is not a live object of this session. */
  of(value: unknown): LiveInfo | undefined {
    return isObject(value) ? this.#infos.get(value) : undefined;
  }

  /** Notes a live object. One that is known keeps what is known of it: `return this` changes nothing. */
  adopt(value: unknown, info: NewLiveInfo): LiveInfo | undefined {
    if (!isObject(value)) return undefined;
    const known = this.#infos.get(value);
    if (known !== undefined) return known;
    const made: LiveInfo = { ...info, answered: 0, lastAnswered: -1, dirty: false, isClosed: false, steps: [] };
    this.#infos.set(value, made);
    this.#hasAny = true;
    return made;
  }

  /** A call on the object was answered from the journal. @param isVoid whether it gave nothing, so all it did was a change of state */
  answered({ info, method }: { readonly info: LiveInfo; readonly method: string }, id: number, isVoid: boolean): void {
    if (isCloser(method)) info.isClosed = true;
    for (let one: LiveInfo | undefined = info; one !== undefined; one = one.parent) {
      one.answered++;
      one.lastAnswered = id;
      if (isVoid) one.dirty = true;
    }
  }

  /** Whether a new call on it would meet other state than the program expects. Stand-ins are asked elsewhere. */
  isLost(info: LiveInfo): boolean {
    return info.answered > 0 && info.dirty;
  }
}
