// A place is where a unit runs: a thread, a process, a context. Every place does the same: `placeBehaviours` of `testing` says what.
import type { Answer, Begin, CallOrder, Order, Report, UnitCall } from '../unit/messages.ts';

/** How the thread or process of a unit is made. What a place cannot do it refuses with SUPERVISE_INVALID. */
export interface PlaceSettings {
  /** Variables laid over the environment of the owner. A thread has a copy of its own. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Folder in which a process starts; that of the owner when absent. */
  readonly cwd?: string | undefined;
  /** Most mebibytes of heap; a unit that needs more ends with a failure of the kind `memory`. V8's own limit when absent. */
  readonly memoryMb?: number | undefined;
  /** What a process is called in lists of processes; `resprout:NAME` when absent. */
  readonly argv0?: string | undefined;
  /** Flags of Node, such as `['--import', 'tsx']`. Those of the owner are not handed on. */
  readonly execArgv?: readonly string[] | undefined;
}

/** How a thread or process went away. */
export interface Death {
  /** `exited`: by itself. `killed`: by a signal or by `kill`. `memory`: its heap was full. `lost`: its link broke, nobody knows more. */
  readonly how: 'exited' | 'killed' | 'memory' | 'lost';
  /** One sentence without final period, such as `was killed by SIGKILL`. */
  readonly reason: string;
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** What the place knows of the reason. */
  readonly error?: unknown;
}

/** A thread or process that runs one life. Whoever has it waits for its end. */
export interface Spawned {
  /** Number of its process; undefined for a thread. */
  readonly pid: number | undefined;
  /** Resolves when it is gone, with what it started where that can be seen. Never rejects. */
  readonly ended: Promise<Death>;
  /** Hands over an order; nothing happens when it is gone. `leave` is a SIGTERM too where there are signals. */
  send(order: Exclude<Order, Begin | CallOrder>): void;
  /**
   * Calls one of its methods. The signal tells it that nobody waits; its answer is waited for all the same. Absent where nobody will say that.
   * It throws, or rejects later.
   * @throws ResproutError REMOTE_VALUE_UNSENDABLE; UNIT_LOST when it ends before it has answered
   */
  call(call: UnitCall, signal: AbortSignal | undefined): Promise<Answer>;
  /** Ends it without asking: SIGKILL to all of it, or the end of the thread. Twice is fine. */
  kill(): void;
}

/** The death of a unit that said something else than reports: it runs something that it should not, and is ended. */
export function oddDeath(error: unknown): Death {
  return { how: 'lost', reason: 'sent something that is no report', exitCode: null, signal: null, error };
}

/** What a place tells of a life while it lasts. */
export interface PlaceListener {
  onReport(report: Report): void;
  /** It is gone; what it left behind may not be yet. `ended` follows. */
  onGone(): void;
}

/** Starts lives. */
export interface Place {
  /** For messages: `a thread`, `a process`, `web-1`. */
  readonly name: string;
  /**
   * Starts one; it begins at once. @param signal gives the start up
   * @throws ResproutError SUPERVISE_INVALID, REMOTE_VALUE_UNSENDABLE; the system's error when nothing can be started
   */
  spawn(begin: Begin, settings: PlaceSettings, listener: PlaceListener, signal: AbortSignal): Promise<Spawned>;
}
