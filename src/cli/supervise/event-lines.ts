import type { SupervisorEvent, UnitSnapshot } from '../../supervisor.ts';
import { columns } from '../render/text/columns.ts';
import { duration } from '../render/text/duration.ts';
import { safeLine } from '../render/text/safe-text.ts';

/** States that a person wants to hear of. */
const TOLD: readonly string[] = ['starting', 'ready', 'stopping'];

/** One event as a line; undefined when it is of no interest. */
export function eventLine(event: SupervisorEvent): string | undefined {
  const unit = safeLine(event.unit);
  switch (event.kind) {
    case 'state':
      return TOLD.includes(event.state) ? `${unit} ${event.state}${event.life > 1 ? `, life ${event.life}` : ''}` : undefined;
    case 'ended': {
      const { failure, how, isRecycled } = event.end;
      return `${unit} ${isRecycled ? 'ended, to be made new' : how}${failure === undefined ? '' : `: ${safeLine(failure.error.message)}`}`;
    }
    case 'restart':
      return `${unit} restarts in ${duration(event.delayMs)}`;
    case 'changed':
      return `${unit} ${event.what}: ${event.replicas} replicas`;
  }
}

/** The same as data: errors by their messages. */
export function eventJson(event: SupervisorEvent): object {
  return event.kind === 'ended' ? { ...event, end: endJson(event.end) } : event;
}

function endJson({ exitCode, failure, how, isRecycled, signal }: NonNullable<UnitSnapshot['lastEnd']>): object {
  const why =
    failure === undefined ? null : { phase: failure.phase, kind: failure.kind, code: failure.error.code, message: failure.error.message };
  return { how, failure: why, exitCode, signal, isRecycled };
}

/** Units as `status` gives them. */
export function snapshotJson(units: readonly UnitSnapshot[]): readonly UnitJson[] {
  return units.map(({ calls, isActive, lastEnd, lives, pid, readySinceMs, state, unit, units: below }) => ({
    unit,
    state,
    lives,
    pid: pid ?? null,
    readySinceMs: readySinceMs ?? null,
    lastEnd: lastEnd === undefined ? null : endJson(lastEnd),
    ...(calls === undefined ? {} : { calls, isActive: isActive ?? true }),
    units: snapshotJson(below),
  }));
}

/** One unit as `status` gives it. */
export interface UnitJson {
  readonly unit: string;
  readonly state: string;
  readonly lives: number;
  readonly pid: number | null;
  readonly readySinceMs: number | null;
  readonly lastEnd: object | null;
  readonly units: readonly UnitJson[];
}

/** A table of units. */
export function unitLines(units: readonly UnitJson[], nowMs: number): readonly string[] {
  const rows: string[][] = [];
  const add = (all: readonly UnitJson[], above: string): void => {
    for (const { lives, pid, readySinceMs, state, unit, units: below } of all) {
      const since = readySinceMs === null ? '' : duration(nowMs - readySinceMs);
      rows.push([safeLine(`${above}${unit}`), safeLine(state), String(lives), pid === null ? '' : String(pid), since]);
      add(below, `${above}${unit}/`);
    }
  };
  add(units, '');
  return columns(['unit', 'state', 'lives', 'pid', 'ready for'], rows);
}
