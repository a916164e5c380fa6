// All stages of one program, from plain Node to the replay of a session that was killed and resumed.
import type { Answer } from './owner.ts';
import type { Ending, Order } from '../inside/orders.ts';
import { realClock } from '../../../src/platform/time/clock.ts';
import { realRandom } from '../../../src/platform/random.ts';
import { newSessionId } from '../../../src/durable/journal/sessions/session-id.ts';
import { outcomeDifference } from '../verdicts/difference.ts';
import { environment } from './environment.ts';
import { folderPicture } from '../verdicts/folder-picture.ts';
import type { Inside } from './inside.ts';
import { judgeKill, mayBeInFlight } from '../verdicts/judge-kill.ts';
import type { Owners } from './owners.ts';
import { ownText, type Picture } from '../verdicts/picture.ts';
import type { Program } from '../tables/program.ts';
import type { StandardInput } from './standard-input.ts';
import { sealedFaults, sealing } from './sealed.ts';
import { PlainAnswers } from './plain-answers.ts';
import { best, codedVerdict, isAcceptable, type StageVerdict } from '../verdicts/verdict.ts';
import type { Captures, Workplace } from './workplace.ts';

export interface ExamineOptions {
  readonly inside: Inside;
  readonly owners: Owners;
  /** How far to go. */
  readonly last: 'plain' | 'session' | 'replay' | 'kills';
  /** Which events to kill after, of a session of so many events. */
  killsOf(events: number): readonly number[];
  /** A stage that takes longer hangs. */
  readonly limitMs: number;
  /** Plain Node is asked twice, and must answer the same. */
  readonly plainTwice: boolean;
  /** Also ask what the code does on the whole of its history (`again`), not only what the product says of a replay. */
  readonly again: boolean;
  readonly replayAfterKill: boolean;
  /** Replay once more where nothing outside can be reached or changed, and look at every call of the system. */
  readonly sealed?: boolean | undefined;
  /** Kills after which a program is left alone when they were wrong: what it is worth is known by then, and a hang takes its time. */
  readonly mostWrongKills: number;
}

export interface Examination {
  readonly name: string;
  readonly plain: Picture;
  /** Events of the session that nobody killed. */
  readonly events: number;
  readonly stages: readonly StageVerdict[];
  /** Kills that were not tried, since the session itself or enough kills before them were wrong. */
  readonly killsLeftOut: number;
}

/** An answer with what was seen around it. */
interface Seen {
  readonly answer: Answer;
  readonly picture: Picture;
}

/** What is looked at closely takes that many times as long. */
const SEALED_TIMES = 4;

class Examiner {
  readonly #program: Program;
  readonly #place: Workplace;
  readonly #options: ExamineOptions;
  readonly #stages: StageVerdict[] = [];

  constructor(program: Program, place: Workplace, options: ExamineOptions) {
    this.#program = program;
    this.#place = place;
    this.#options = options;
  }

  async examine(): Promise<Examination> {
    const { last, again, sealed, killsOf, inside, limitMs, plainTwice } = this.#options;
    const plain = await PlainAnswers.of(this.#program, this.#place, inside, limitMs, plainTwice);
    const done = (events: number, killsLeftOut = 0): Examination => ({
      name: this.#program.name,
      plain: plain.first,
      events,
      stages: this.#stages,
      killsLeftOut,
    });
    if (last === 'plain') return done(0);
    const sessionId = newSessionId(realClock, realRandom);
    const session = await this.#session(plain, sessionId);
    if (session === undefined) return done(0);
    const { events } = session;
    if (last === 'session') return done(events);
    const isRight = this.#wrongCount() === 0;
    await this.#replay('replay', sessionId);
    if (sealed === true) await this.#sealed(sessionId);
    if (again && !this.#stages.some(({ verdict }) => verdict === 'diverged' || verdict === 'hang'))
      await this.#again(session.picture, sessionId);
    if (last === 'replay') return done(events);
    const points = killsOf(events);
    return done(events, isRight ? await this.#kills(plain, points) : points.length);
  }

  /** @returns how many of them were left out */
  async #kills(plain: PlainAnswers, points: readonly number[]): Promise<number> {
    const before = this.#wrongCount();
    for (const [index, at] of points.entries()) {
      if (this.#wrongCount() - before >= this.#options.mostWrongKills) return points.length - index;
      await this.#kill(plain, at);
    }
    return 0;
  }

  #wrongCount(): number {
    return this.#stages.filter(({ verdict }) => !isAcceptable(verdict)).length;
  }

  #say(stage: string, verdict: StageVerdict['verdict'], why?: string): void {
    this.#stages.push({ stage, verdict, why });
  }

  #newOrder(stage: Order['stage'], sessionId: string, captures: Captures, hasInput: boolean, killAfter?: number): Order {
    const { folder, storeFolder, file } = this.#place;
    const { stdoutFile, stderrFile } = captures;
    const { argv } = this.#program;
    return { stage, file, folder, storeFolder, sessionId, argv, env: environment(), hasInput, killAfter, stdoutFile, stderrFile };
  }

  /** One order and what is there when it has ended. */
  async #order(stage: Order['stage'], sessionId: string, input?: StandardInput, killAfter?: number): Promise<Seen> {
    const captures = this.#place.captures();
    const order = this.#newOrder(stage, sessionId, captures, input !== undefined, killAfter);
    const answer = await this.#options.owners.order(order, this.#options.limitMs, input?.fd);
    return { answer, picture: this.#picture(captures, answer.how === 'ended' ? answer.ending : undefined) };
  }

  #picture(captures: Captures, ending: Ending | undefined): Picture {
    const { folder } = this.#place;
    const { blur } = this.#program;
    const value = ending?.value;
    return {
      exitCode: ending?.exitCode ?? null,
      value: value === 'undefined' ? undefined : value,
      failure: ending?.failure,
      stdout: ownText(captures.stdout, folder, blur),
      stderr: ownText(captures.stderr, folder, blur),
      files: folderPicture(folder, this.#program.volatile),
    };
  }

  /** Says what is wrong with an answer that is no ending of the program. @returns the ending, when it is one */
  #ended(stage: string, answer: Answer, isAfterKill: boolean): Ending | undefined {
    if (answer.how === 'hang') return (this.#say(stage, 'hang', `no end after ${this.#options.limitMs} ms`), undefined);
    if (answer.how === 'died') return (this.#say(stage, 'wrong', `the owner died: ${answer.text.slice(-200)}`), undefined);
    if (answer.how === 'killed') return (this.#say(stage, 'wrong', 'the owner was killed'), undefined);
    const { ending } = answer;
    const { problem, state } = ending;
    if (problem === undefined && (state === 'done' || state === 'failed')) return ending;
    const codes = problem?.codes ?? [];
    const coded = codedVerdict(this.#program, codes, isAfterKill ? { text: '' } : undefined);
    const text = problem === undefined ? `the session ${state ?? 'is nowhere'}` : problem.text;
    if (codes.includes('JOURNAL_DIVERGED')) this.#say(stage, 'diverged', text);
    else if (coded !== undefined) this.#say(stage, coded.verdict, coded.why);
    else this.#say(stage, 'wrong', `${codes[0] ?? ''} ${text}`.trim());
    return undefined;
  }

  /** The session that nobody kills. @returns what it gave; undefined when it did not end */
  async #session(plain: PlainAnswers, sessionId: string): Promise<{ readonly events: number; readonly picture: Picture } | undefined> {
    this.#place.empty();
    using input = this.#place.input();
    const { answer, picture } = await this.#order('run', sessionId, input);
    const ending = this.#ended('session', answer, false);
    if (ending === undefined) return undefined;
    const other = await plain.difference(picture);
    const coded = codedVerdict(this.#program, ending.failure?.codes ?? []);
    const judged = other === undefined ? { verdict: 'right' as const } : (coded ?? { verdict: 'wrong' as const, why: other });
    this.#say('session', judged.verdict, judged.why);
    return { events: ending.events ?? 0, picture };
  }

  /** The product's own replay, in an empty folder, which must stay empty. */
  async #replay(stage: string, sessionId: string): Promise<void> {
    this.#place.empty();
    const { answer, picture } = await this.#order('replay', sessionId);
    const ending = this.#ended(stage, answer, false);
    if (ending === undefined) return;
    const [made] = picture.files.keys();
    const note = ending.notes.find((text) => /another|differ|other (value|result|arguments)/i.test(text));
    if (made !== undefined) this.#say(stage, 'wrong', `it made ${made}`);
    else if (note !== undefined) this.#say(stage, 'wrong', note);
    else this.#say(stage, 'right');
  }

  /** A replay of what was replayed already, sealed off. */
  async #sealed(sessionId: string): Promise<void> {
    this.#place.empty();
    const { root } = this.#place;
    const order = this.#newOrder('replay', sessionId, this.#place.captures(), false);
    const answer = await this.#options.owners.orderWithin(sealing(root), order, this.#options.limitMs * SEALED_TIMES);
    if (this.#ended('sealed', answer, false) === undefined) return;
    const [fault, ...more] = sealedFaults(root);
    if (fault === undefined) this.#say('sealed', 'right');
    else this.#say('sealed', 'wrong', `it did ${fault}${more.length > 0 ? ` and ${more.length} more` : ''}`);
  }

  /**
   * What the code does on its whole history: it must end as the session did, print nothing that was not said after the last event, and do
   * nothing.
   */
  async #again(session: Picture, sessionId: string): Promise<void> {
    this.#place.empty();
    const { answer, picture } = await this.#order('again', sessionId);
    const ending = this.#ended('again', answer, false);
    if (ending === undefined) return;
    // What was open at the end and never heard of begins anew where the history is used up, as after any crash: it may do something.
    const mayDo = mayBeInFlight(ending.recorded ?? []);
    const [made] = mayDo ? [] : picture.files.keys();
    const extra = mayDo ? [] : (ending.appended?.slice(0, -1) ?? []);
    const other = outcomeDifference(session, picture);
    if (made !== undefined) this.#say('again', 'wrong', `it made ${made}`);
    else if (other !== undefined) this.#say('again', 'wrong', other.replace(/\bplain\b/, 'session'));
    else if (extra.length > 0)
      this.#say('again', 'wrong', `${extra.length} calls more than were recorded: ${extra.slice(0, 4).join(', ')}`);
    else if (!session.stdout.endsWith(picture.stdout))
      this.#say('again', 'wrong', `it printed ${JSON.stringify(picture.stdout.slice(0, 80))}`);
    else this.#say('again', 'right');
  }

  /** Killed after event `at`, resumed in the same folder, replayed in an empty one. */
  async #kill(plain: PlainAnswers, at: number): Promise<void> {
    const stage = `kill ${at}`;
    const sessionId = newSessionId(realClock, realRandom);
    this.#place.empty();
    using input = this.#place.input();
    const first = await this.#order('run', sessionId, input, at);
    if (first.answer.how !== 'killed') {
      const ending = this.#ended(stage, first.answer, false);
      if (ending === undefined) return;
      // Another run has fewer events: nothing was struck. It was a run all the same.
      const other = await plain.difference(first.picture);
      if (other !== undefined) this.#say(stage, 'wrong', `not struck, and ${other}`);
      return;
    }
    const resumed = await this.#order('resume', sessionId, input);
    // How often data comes differs from run to run: this one had fewer events, and was killed after its last one.
    if (resumed.answer.how === 'ended' && resumed.answer.ending.problem?.codes.includes('SESSION_ENDED') === true) return;
    const ending = this.#ended(stage, resumed.answer, true);
    if (ending === undefined) return;
    const isLossTold = ending.notes.some((note) => note.startsWith('lost: '));
    const before = { ...first.picture, recorded: ending.recorded ?? [], isLossTold };
    const { verdict, why } = best(plain.all.map((picture) => judgeKill(this.#program, picture, before, resumed.picture)));
    this.#say(stage, verdict, why);
    if (this.#options.replayAfterKill && isAcceptable(verdict)) await this.#replay(`replay after ${stage}`, sessionId);
  }
}

/** @throws UnsoundProgram when plain Node gives no answer to compare with */
export async function examine(program: Program, place: Workplace, options: ExamineOptions): Promise<Examination> {
  return await new Examiner(program, place, options).examine();
}
