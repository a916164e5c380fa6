import { EventEmitter } from 'node:events';
import type { ProcessEvents } from '../../replay/session/process-events.ts';
import { real } from '../globals/real.ts';
import type { InputSource, ProgramInput } from './program-input.ts';
import type { Session } from '../../replay/session/session-api.ts';

/** What of `process` belongs to one session: its listeners, its exit code, what it has read of its process. */
export class SessionProcess implements ProcessEvents {
  /** Holds the listeners. What is asked of it as `this` in a listener, the process answers. */
  readonly emitter: EventEmitter;
  capture: ((error: unknown) => void) | undefined;
  /** Facts that stay the same for the life of the session. */
  readonly facts: Map<string, unknown> = new Map();
  /** Where its standard input comes from. */
  source: InputSource = { stdin: () => real.stdin() };
  /** Its standard input, once the program has looked at it. */
  input: ProgramInput | undefined;
  /** Whether a warning of this session has told how to see where it was made. */
  hasShownHint = false;

  constructor() {
    this.emitter = Object.create(process) as EventEmitter;
    Object.assign(this.emitter, { _events: Object.create(null) as object, _eventsCount: 0, _maxListeners: undefined });
  }

  /** `process.exitCode` itself: Node keeps it in a property that cannot be replaced, and a session has its process for itself. */
  get exitCode(): number | undefined {
    const { exitCode } = process;
    return exitCode === undefined || exitCode === null ? undefined : Number(exitCode);
  }

  set exitCode(code: number | undefined) {
    process.exitCode = code;
  }

  count(name: string): number {
    return EventEmitter.prototype.listenerCount.call(this.emitter, name);
  }

  emit(name: string, ...args: readonly unknown[]): boolean {
    return EventEmitter.prototype.emit.call(this.emitter, name, ...args);
  }
}

const known = new WeakMap<Session, SessionProcess>();

/** The process as a session has it. */
export function processOf(session: Session): SessionProcess {
  const found = known.get(session) ?? new SessionProcess();
  known.set(session, found);
  return found;
}

/** Gives a session its own side of the process. Before `run`. */
export function attachProcess(session: Session, source?: InputSource): void {
  const own = processOf(session);
  if (source !== undefined) own.source = source;
  session.processEvents = own;
}
