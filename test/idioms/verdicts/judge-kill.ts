// The verdict of a session that was killed and resumed.
import type { RecordedEvent } from '../inside/orders.ts';
import { filesDifference, outcomeDifference } from './difference.ts';
import type { FolderPicture } from './folder-picture.ts';
import type { Picture } from './picture.ts';
import { judgePrinted } from './printed.ts';
import type { Program } from '../tables/program.ts';
import { isTextRepeated, linesRepeated } from './repeats.ts';
import { codedVerdict, worst, type StageVerdict } from './verdict.ts';

/** What was printed before the kill. */
export interface Printed {
  readonly stdout: string;
  readonly stderr: string;
}

type Judged = Omit<StageVerdict, 'stage'>;

/** What is known of the moment of the kill. */
export interface AtTheKill extends Printed {
  readonly files: FolderPicture;
  /** What was in the journal. */
  readonly recorded: readonly RecordedEvent[];
  /** Whether the resumed session said that it told the program of a loss: the program may keep that to itself. */
  readonly isLossTold?: boolean | undefined;
}

/** Kinds of events that say nothing of what is under way outside. */
const OTHER_KINDS = new Set(['start', 'sync', 'timer', 'hop', 'cb', 'signal', 'cancel', 'build', 'end']);

/**
 * Whether something may have been done outside whose end is not in the journal: a call without its result, or a conversation that goes on,
 * a child process perhaps. A call that answers at once is recorded before anything after it. An event of a kind that is not known here may
 * begin something.
 */
export function mayBeInFlight(recorded: readonly RecordedEvent[]): boolean {
  const calls = new Set<number | undefined>();
  const objects = new Set<number | undefined>();
  for (const { t, id, object, name } of recorded) {
    if (t === 'call') calls.add(id);
    else if (t === 'done') calls.delete(id);
    else if (t === 'open' || t === 'effect') objects.add(object);
    else if (t === 'event' && name === 'close') objects.delete(object);
    else if (t !== 'event' && !OTHER_KINDS.has(t)) return true;
  }
  return calls.size > 0 || objects.size > 0;
}

/** A difference of values or files may be that of one call made twice, which is promised; `undefined` when it is not. */
function asRepeated(program: Program, plain: Picture, before: AtTheKill, seen: Picture, why: string): Judged | undefined {
  if (!mayBeInFlight(before.recorded)) return undefined;
  const shown = `${seen.value ?? ''} ${seen.failure?.text ?? ''} ${seen.failure?.codes.join(' ') ?? ''} ${why}`;
  if (program.repeats.some((text) => shown.includes(text))) return { verdict: 'repeated in flight', why };
  const lines = linesRepeated(plain.files, seen.files, before.files);
  if (lines === undefined || lines === 0 || lines > program.inFlight) return undefined;
  const isValueToo = isTextRepeated(plain.value ?? '', seen.value ?? '', program.inFlight);
  const isTextToo = isTextRepeated(plain.stdout, seen.stdout, program.inFlight);
  const isSame = outcomeDifference({ ...plain, value: undefined }, { ...seen, value: undefined }) === undefined;
  return isValueToo && isTextToo && isSame ? { verdict: 'repeated in flight', why } : undefined;
}

/** @param seen what resume gave: outcome and files of the whole session, text of the resumed part */
export function judgeKill(program: Program, plain: Picture, before: AtTheKill, seen: Picture): Judged {
  const stdout = before.stdout + seen.stdout;
  const told = (): Judged | undefined =>
    codedVerdict(program, before.isLossTold === true ? ['LIVE_OBJECT_LOST'] : (seen.failure?.codes ?? []), {
      text: `${seen.value ?? ''} ${seen.failure?.text ?? ''} ${stdout}`,
    });
  const why = outcomeDifference(plain, seen) ?? filesDifference(plain.files, seen.files);
  if (why !== undefined) return told() ?? asRepeated(program, plain, before, { ...seen, stdout }, why) ?? { verdict: 'wrong', why };
  const printed = [
    judgePrinted('stdout', plain.stdout, before.stdout, seen.stdout),
    judgePrinted('stderr', plain.stderr, before.stderr, seen.stderr),
  ];
  const verdict = worst(printed.map((one) => one.verdict));
  const judged = { verdict, why: printed.find((one) => one.verdict === verdict)?.why };
  return verdict === 'wrong' ? (told() ?? judged) : judged;
}
