import {
  unitFailure,
  type EndKind,
  type FailedUnit,
  type FailureKind,
  type Phase,
  type UnitEnd,
  type UnitFailure,
} from '../contract/failure.ts';
import type { Death } from '../places/place.ts';
import type { Report } from '../unit/messages.ts';
import type { Rung } from './ladder.ts';

/** The last word of a unit. */
export type OverReport = Extract<Report, { readonly kind: 'over' }>;

/** What is known of a life that is over. */
export interface EndFacts {
  readonly unit: FailedUnit;
  /** Where it was at last. */
  readonly phase: Phase;
  /** Undefined when it never ran, or is leaked. */
  readonly death: Death | undefined;
  readonly isLeaked: boolean;
  readonly last: OverReport | undefined;
  /** The rung of the ladder that it stood on. */
  readonly rung: Rung['name'] | undefined;
  readonly failures: readonly UnitFailure[];
  readonly also: readonly UnitFailure[];
  readonly isRecycled: boolean;
}

/** Puts the end of a life together. */
export function endOf(facts: EndFacts): UnitEnd {
  const { death, isRecycled, last } = facts;
  const found = deathFailure(facts);
  // A drain or teardown that throws is told and changes nothing.
  const all = [...(found === undefined ? [] : [found]), ...facts.failures];
  const own = facts.failures.filter(({ kind, phase }) => (phase !== 'teardown' && phase !== 'drain') || kind !== 'threw');
  const failure = facts.isLeaked ? found : (own[0] ?? found);
  return {
    how: howOf(facts, failure),
    failure,
    also: [...all.filter((one) => one !== failure), ...facts.also],
    isTornDown: last?.isTornDown ?? false,
    exitCode: last === undefined ? (death?.exitCode ?? null) : null,
    signal: death?.signal ?? null,
    isRecycled: isRecycled && failure === undefined,
  };
}

function howOf({ death, isLeaked, last }: EndFacts, failure: UnitFailure | undefined): EndKind {
  if (isLeaked) return 'leaked';
  if (failure !== undefined) return 'failed';
  if (last !== undefined) return last.how;
  if (death?.how === 'killed') return 'killed';
  return death === undefined ? 'cancelled' : 'exited';
}

/** The failure that its death is, when nobody wanted it. */
function deathFailure({ death, isLeaked, last, phase, rung, unit }: EndFacts): UnitFailure | undefined {
  if (isLeaked) return unitFailure(unit, phase, 'leaked', `did not end in ${phase} by any means: it may still run`);
  if (death === undefined || last !== undefined) return undefined;
  const isOurs = death.how === 'killed' && (rung === 'kill' || (rung === 'leave' && death.signal === 'SIGTERM'));
  if (isOurs || (death.how === 'exited' && death.exitCode === 0)) return undefined;
  const kind: FailureKind = death.how;
  return unitFailure(unit, phase, kind, `${death.reason}, in ${phase}`, death.error);
}
