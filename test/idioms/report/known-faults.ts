// Compares what was found with the list of what is known to be wrong.
import { KNOWN_STAGES, type Known, type KnownStage } from '../known.ts';
import { isAcceptable, type StageVerdict } from '../verdicts/verdict.ts';
import type { Entry } from './report.ts';

const WHY_CHARACTERS = 150;

/** The first stage of a program that is wrong, as a line of the list; undefined when none is. */
export function firstWrong({ name, stages }: Pick<Entry, 'name' | 'stages'>): Known | undefined {
  const wrong = stages.find(({ verdict }) => !isAcceptable(verdict));
  return wrong === undefined ? undefined : { name, at: stageOf(wrong), isRare: false, why: whyOf(wrong) };
}

function stageOf({ stage }: StageVerdict): KnownStage {
  if (stage === 'session') return 'session';
  return stage === 'replay' || stage === 'sealed' || stage === 'again' ? 'replay' : 'kills';
}

function whyOf({ stage, verdict, why = '' }: StageVerdict): string {
  const text = `${stage.includes('kill') ? `${stage}: ` : ''}${verdict === 'wrong' ? '' : `${verdict} `}${why}`;
  return text.replace(/\s+/g, ' ').slice(0, WHY_CHARACTERS).trim();
}

/** Whether a run that went as far as `last` has seen the stage of this line. */
function wasTried({ at }: Known, last: string): boolean {
  return last === 'kills' || KNOWN_STAGES.indexOf(at) <= KNOWN_STAGES.findIndex((stage) => stage === last);
}

/**
 * What is not as the list says; undefined when all is.
 * @param last how far the run went
 * @param isSample only some of the events were killed after
 */
export function knownFault(entry: Entry, known: Known | undefined, last: string, isSample: boolean): string | undefined {
  if (entry.unsound !== undefined) return entry.unsound;
  const wrong = firstWrong(entry);
  if (known === undefined) return wrong === undefined ? undefined : `${entry.name} is wrong (${wrong.at}): ${wrong.why}`;
  const isSeen = wasTried(known, last) && !(isSample && known.at === 'kills');
  if (wrong === undefined) return isSeen && !known.isRare ? `${entry.name} is right now: take it out of known.txt` : undefined;
  const isEarlier = KNOWN_STAGES.indexOf(wrong.at) < KNOWN_STAGES.indexOf(known.at);
  return isEarlier && !known.isRare
    ? `${entry.name} is wrong at ${wrong.at} already (${wrong.why}), known.txt says ${known.at}`
    : undefined;
}

/** The list as these results would have it: what was not examined, or not as far as that, stays. */
export function renewed(known: ReadonlyMap<string, Known>, entries: readonly Entry[], last: string): Known[] {
  const all = new Map(known);
  for (const entry of entries) {
    const before = known.get(entry.name);
    const wrong = firstWrong(entry);
    if (wrong !== undefined) all.set(entry.name, before?.at === wrong.at ? before : wrong);
    else if (before !== undefined && wasTried(before, last) && !before.isRare) all.delete(entry.name);
  }
  return [...all.values()];
}
