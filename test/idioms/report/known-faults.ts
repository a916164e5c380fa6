// Compares what was found with the list of what is known to be wrong.
import { KNOWN, type KnownStage } from '../known.ts';
import type { Entry } from './report.ts';
import { isAcceptable } from '../verdicts/verdict.ts';

/** The first stage of a program that is wrong; undefined when none is. */
export function firstWrong(entry: Pick<Entry, 'stages' | 'unsound'>): KnownStage | undefined {
  const wrong = entry.stages.find(({ verdict }) => !isAcceptable(verdict));
  if (wrong === undefined) return undefined;
  if (wrong.stage === 'session') return 'session';
  return wrong.stage === 'replay' || wrong.stage === 'again' ? 'replay' : 'kills';
}

const ORDER: readonly KnownStage[] = ['session', 'replay', 'kills'];

/** @param last the last stage that was tried @returns one line per program that is not as the list says */
export function knownFaults(entries: readonly Entry[], last: string): string[] {
  return entries.flatMap((entry) => {
    const { name } = entry;
    if (entry.unsound !== undefined) return [entry.unsound];
    const wrong = firstWrong(entry);
    const known = KNOWN[name];
    if (wrong !== undefined && known === undefined) return [`${name} is wrong (${wrong}) and not in known.ts`];
    const wasTried = known !== undefined && (last === 'kills' || ORDER.indexOf(known.at) <= ORDER.indexOf(last as KnownStage));
    if (wrong === undefined && wasTried && known.sometimes !== true) return [`${name} is right now: take it out of known.ts`];
    if (wrong !== undefined && known !== undefined && ORDER.indexOf(wrong) < ORDER.indexOf(known.at))
      return [`${name} is wrong at ${wrong} already, known.ts says ${known.at}`];
    return [];
  });
}
