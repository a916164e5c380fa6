import { StringDecoder } from 'node:string_decoder';
import type { Clock, TimerHandle } from '../../../base/seams/clock.ts';
import type { ResproutError } from '../../../base/errors/errors.ts';
import type { Questions } from '../questions/questions.ts';

/** A text that may go on is given so long to do it. */
const SETTLE_MS = 50;
const HELD_CHARS = 4096;
/** How a question ends that waits for a line, in any language. */
const ASKING = /[:：?？]\s*$/;

export interface TypedQuestionsOptions {
  readonly clock: Clock;
  readonly questions: Questions;
  /** With what the tool begins its messages: `su:`. That alone is no question, however long the rest takes. */
  readonly prefix: string;
  /** Types the answer, with its line end. */
  readonly type: (line: string) => void;
  /** Ends the tool with this error. */
  readonly fail: (error: ResproutError) => void;
}

/**
 * Questions of a tool that has no askpass: a text without a line end, after which it reads a line. Before the far side has spoken only; what
 * it prints afterwards is its own business.
 */
export class TypedQuestions {
  readonly #options: TypedQuestionsOptions;
  readonly #decoder = new StringDecoder('utf8');
  #held = '';
  #timer: TimerHandle | undefined;
  #isOver = false;

  constructor(options: TypedQuestionsOptions) {
    this.#options = options;
  }

  push(bytes: Uint8Array): void {
    if (this.#isOver) return;
    const text = this.#held + this.#decoder.write(Buffer.from(bytes));
    this.#held = text.slice(Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1).slice(-HELD_CHARS);
    this.#timer?.clear();
    if (ASKING.test(this.#held) && this.#held.trim() !== this.#options.prefix)
      this.#timer = this.#options.clock.after(SETTLE_MS, () => void this.#ask());
  }

  /** The far side has spoken, or the tool is gone. Twice is fine. */
  stop(): void {
    this.#isOver = true;
    this.#timer?.clear();
  }

  async #ask(): Promise<void> {
    const { questions, type, fail } = this.#options;
    const text = this.#held;
    this.#held = '';
    const reply = await questions.reply({ text, hint: '' });
    if (this.#isOver) return;
    if (reply.kind === 'answer') type(`${reply.text}\n`);
    // Saying nothing would leave it waiting; an empty line would count as an attempt.
    else if (reply.kind === 'refuse' && questions.refused !== undefined) fail(questions.needed(questions.refused));
  }
}
