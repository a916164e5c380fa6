// A context as a place: each life has a process of its own there, opened through the context, so that an endless loop, process.exit or a full
// heap is its own affair and it can be killed alone. It ends with its link; a link that is lost is a death of which nobody knows more.
import { codeOf, ResproutError } from '../../base/errors/errors.ts';
import {
  isReport,
  type Answer,
  type Begin,
  type CallOrder,
  type Death,
  type Order,
  type Place,
  type PlaceSettings,
  type Spawned,
  type UnitCall,
} from '../../supervisor/index.ts';
import type { OwnCall } from '../calls/own-calls.ts';
import { openUnitProcess, takesUnits, type UnitProcess, type UnitProcessEnd } from '../contexts/unit-process.ts';
import { OrderQueue } from './order-queue.ts';

let nextUnit = 1;

/** The place that an open context is; undefined for anything else. */
export function contextPlace(context: object): Place | undefined {
  if (!takesUnits(context)) return undefined;
  return {
    name: context.name,
    async spawn(begin, settings, listener, signal) {
      const options = optionsOf(begin, context.name, settings);
      const unit = await openUnitProcess(context, { ...options, signal });
      const spawned = new FarLife(unit, begin, () => listener.onGone());
      try {
        await unit.call({ ...callOf('arrive', begin, []), signal });
      } catch (error) {
        spawned.kill();
        await spawned.ended;
        throw error;
      }
      void spawned.run(begin, (value) => {
        if (!isReport(value)) throw new ResproutError('WIRE_BAD_VALUE', `${begin.name} sent something that is no report`);
        listener.onReport(value);
      });
      return spawned;
    },
  };
}

/** @throws ResproutError SUPERVISE_INVALID */
function optionsOf({ name }: Begin, via: string, settings: PlaceSettings): Parameters<typeof openUnitProcess>[1] {
  const { argv0, cwd, env, execArgv = [], memoryMb } = settings;
  if (argv0 !== undefined)
    throw new ResproutError('SUPERVISE_INVALID', `${name} runs in ${via}, where argv0 cannot be set`, {
      do: 'Leave argv0 out: it is called by its name there',
    });
  const flags = [...execArgv, ...(memoryMb === undefined ? [] : [`--max-old-space-size=${memoryMb}`])];
  // Its name makes it a process of its own: equal recipes would share one.
  return { name: `${name}-${nextUnit++}`, cwd, env, flags };
}

function callOf(fn: string, { name, runtime }: Begin, args: readonly unknown[]): OwnCall {
  return { module: 'unit', fn, label: `unit ${name} (${runtime.label})`, args, place: new Error(), site: undefined };
}

/** One life in a process that was opened for it. */
class FarLife implements Spawned {
  readonly pid: number;
  readonly ended: Promise<Death>;
  readonly #unit: UnitProcess;
  readonly #begin: Begin;
  readonly #orders = new OrderQueue();
  #isOver = false;
  #isKilled = false;
  #isGone = false;

  constructor(unit: UnitProcess, begin: Begin, onGone: () => void) {
    this.#unit = unit;
    this.#begin = begin;
    this.pid = unit.pid;
    this.ended = unit.ended.then((report) => {
      this.#isGone = true;
      onGone();
      this.#orders.end();
      return deathOf(report, this.#isOver, this.#isKilled);
    });
  }

  /** Runs it; when it is over its process is closed. */
  async run(begin: Begin, onReport: (value: unknown) => void): Promise<void> {
    const { build, file } = begin.runtime;
    try {
      const call = callOf('runUnit', begin, [begin, this.#orders.read()]);
      const reports = await this.#unit.call({ ...call, ships: { build, file } });
      for await (const value of reports as AsyncIterable<unknown>) {
        onReport(value);
        this.#isOver ||= isReport(value) && value.kind === 'over';
      }
    } catch (error) {
      this.#failed(error, onReport);
    }
    this.#orders.end();
    await this.#unit.close();
  }

  send(order: Exclude<Order, Begin | CallOrder>): void {
    this.#orders.put(order);
  }

  /** The signal travels as an argument: it tells the method, and the answer is waited for. */
  async call(call: UnitCall, signal: AbortSignal | undefined): Promise<Answer> {
    try {
      return (await this.#unit.call(callOf('callUnit', this.#begin, [call, signal]))) as Answer;
    } catch (error) {
      if (!GONE.includes(codeOf(error) ?? '')) throw error;
      const { name } = this.#begin;
      throw new ResproutError('UNIT_LOST', `${name} ended before it had answered`, { tried: `call ${name}` }, { cause: error });
    }
  }

  kill(): void {
    this.#isKilled = true;
    this.#orders.end();
    void this.#unit.close();
  }

  /** What is refused here is told as a failure of loading; the end of the process tells itself. */
  #failed(error: unknown, onReport: (value: unknown) => void): void {
    if (this.#isGone || !(error instanceof Error)) return;
    onReport({ kind: 'failed', phase: 'load', how: 'threw', error });
    onReport({ kind: 'over', how: 'failed', isTornDown: false });
    this.#isOver = true;
  }
}

/** What a call of a process that is gone rejects with. */
const GONE: readonly string[] = ['REMOTE_CLOSED', 'REMOTE_EXITED', 'REMOTE_LOST'];

/** What Node does when its heap is full. */
const FULL_HEAP = 'SIGABRT';

function deathOf({ exitCode, how, isThrough, reason, signal }: UnitProcessEnd, isOver: boolean, isKilled: boolean): Death {
  if (isKilled) return { how: 'killed', reason: 'was ended', exitCode: null, signal };
  if (isThrough && !isOver) return { how: 'lost', reason: `is lost: ${reason}`, exitCode: null, signal: null };
  if (isOver || how === 'closed') return { how: 'exited', reason: 'ended', exitCode: 0, signal: null };
  if (how === 'exited') return { how: 'exited', reason, exitCode, signal };
  if (signal === FULL_HEAP) return { how: 'memory', reason: `was aborted, as Node does when its memory is full`, exitCode, signal };
  return {
    how: signal === null ? 'lost' : 'killed',
    reason: signal === null ? `is lost: ${reason}` : `was killed by ${signal}`,
    exitCode,
    signal,
  };
}
