// What can be said of a stage, from best to worst.
import type { Program } from '../tables/program.ts';

export const VERDICTS = [
  'right',
  /** The one call that was in flight at the kill was made twice: at least once is what is promised. */
  'repeated in flight',
  /** Lines that were printed before the kill are printed again after it. */
  'text repeated',
  /** Lines that were printed before the kill are never seen. */
  'text lost',
  /** The session ends with one of our codes, or the program gets it, and that was to be expected of such a program. */
  'coded',
  /** The same of a program that holds nothing that must be lost, or uses nothing that must be refused. */
  'coded unexpectedly',
  'wrong',
  'diverged',
  'hang',
] as const;

export type Verdict = (typeof VERDICTS)[number];

/** `plain`, `session`, `replay`, `sealed`, `again`, `kill 7`, `replay after kill 7`. */
export interface StageVerdict {
  readonly stage: string;
  readonly verdict: Verdict;
  /** One line; the code for `coded`. */
  readonly why?: string | undefined;
}

export function worst(verdicts: readonly Verdict[]): Verdict {
  return VERDICTS[Math.max(0, ...verdicts.map((verdict) => VERDICTS.indexOf(verdict)))] ?? 'right';
}

/** The best of several, where any will do. */
export function best(judged: readonly Omit<StageVerdict, 'stage'>[]): Omit<StageVerdict, 'stage'> {
  const [first] = [...judged].sort((a, b) => VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict));
  if (first === undefined) throw new Error('there is nothing to choose from');
  return first;
}

/** Whether a user gets what plain Node gives, or is told that he does not. */
export function isAcceptable(verdict: Verdict): boolean {
  return VERDICTS.indexOf(verdict) <= VERDICTS.indexOf('coded');
}

/** Refusals that a first run may give. */
const REFUSALS = [
  'TRANSFORM_UNSUPPORTED',
  'JOURNAL_VALUE_TOO_LARGE',
  'JOURNAL_VALUE_UNRECORDABLE',
  'PACKAGE_NEEDS_BOUNDARY',
  'SESSION_PROCESS_WIDE',
] as const;
/** What a session may say after a kill besides. */
const LOSSES = ['LIVE_OBJECT_LOST', 'STREAM_INTERRUPTED', 'OUTCOME_UNKNOWN', 'FILE_CHANGED'] as const;

/**
 * The verdict of an ending that one of our codes explains; undefined when none does.
 * @param text what the program returned and printed: it may catch the error and give its code
 */
export function codedVerdict(
  { mayLose, mayRefuse }: Pick<Program, 'mayLose' | 'mayRefuse'>,
  codes: readonly string[],
  after?: { readonly text: string },
): Omit<StageVerdict, 'stage'> | undefined {
  const refusal = REFUSALS.find((code) => codes.includes(code));
  if (refusal !== undefined) return { verdict: mayRefuse ? 'coded' : 'coded unexpectedly', why: refusal };
  if (after === undefined) return undefined;
  // A program that has caught it may give its name alone.
  const named = after.text.includes('ResproutError') ? LOSSES[0] : undefined;
  const loss = LOSSES.find((code) => codes.includes(code) || after.text.includes(code)) ?? named;
  return loss === undefined ? undefined : { verdict: mayLose ? 'coded' : 'coded unexpectedly', why: loss };
}
