// What plain Node gives for a program: one picture, and others where it does not give the same every time after all, on a busy machine.
import type { Program } from '../tables/program.ts';
import { difference } from '../verdicts/difference.ts';
import type { Picture } from '../verdicts/picture.ts';
import type { Inside } from './inside.ts';
import { runPlain } from './run-plain.ts';
import type { Workplace } from './workplace.ts';

/** What is wrong with a program of the suite itself. */
export class UnsoundProgram extends Error {}

/** How often plain Node is asked again when a session gives something else. */
const SECOND_THOUGHTS = 3;

export class PlainAnswers {
  readonly #run: () => Promise<Picture>;
  readonly #all: [Picture, ...Picture[]];
  #isAskedAgain = false;

  private constructor(first: Picture, run: () => Promise<Picture>) {
    this.#all = [first];
    this.#run = run;
  }

  /** @param isTwice whether a second run must give the same @throws UnsoundProgram when plain Node gives no answer to compare with */
  static async of(program: Program, place: Workplace, inside: Inside, limitMs: number, isTwice: boolean): Promise<PlainAnswers> {
    const run = async (): Promise<Picture> => {
      const answer = await runPlain(program, place, inside, limitMs);
      if (answer === undefined) throw new UnsoundProgram(`${program.name} does not end under plain Node`);
      return answer.picture;
    };
    const first = await run();
    checkEnd(program, first);
    if (isTwice) {
      const other = difference(first, await run());
      if (other !== undefined) throw new UnsoundProgram(`${program.name} differs from run to run under plain Node: ${other}`);
    }
    return new PlainAnswers(first, run);
  }

  get first(): Picture {
    return this.#all[0];
  }

  get all(): readonly Picture[] {
    return this.#all;
  }

  /** Undefined when plain Node gives this too, if need be after it is asked again; else the difference from its first answer. */
  async difference(seen: Picture): Promise<string | undefined> {
    const isThere = (): boolean => this.#all.some((picture) => difference(picture, seen) === undefined);
    if (!isThere() && !this.#isAskedAgain) {
      this.#isAskedAgain = true;
      for (let i = 0; i < SECOND_THOUGHTS && !isThere(); i++) this.#all.push(await this.#run());
    }
    return isThere() ? undefined : difference(this.first, seen);
  }
}

function checkEnd({ name, fails }: Program, { exitCode, signal, failure, stderr }: Picture): void {
  const isFailed = failure !== undefined || exitCode !== 0;
  if (isFailed === fails) return;
  const end = `exit ${signal ?? exitCode}, ${failure?.text ?? 'no error'}, ${JSON.stringify(stderr.slice(0, 300))}`;
  throw new UnsoundProgram(`${name} ${isFailed ? 'fails' : 'does not fail'} under plain Node: ${end}`);
}
