import type { Clock } from '../../../base/seams/clock.ts';
import { ResproutError, toError } from '../../../base/errors/errors.ts';
import { ANSWER_LIMIT_MS, type Ask, type Question } from './ask.ts';
import type { Deadline } from '../deadline.ts';
import { classifyQuestion, isAboutPinned, isRepeat, secretKey, type AskedText } from './question.ts';
import { visible } from '../tool/visible.ts';

/** What a helper process is told. `hold`: nothing, until the tool has been ended; a refusal would make ssh send an empty password. */
export type Reply = { readonly kind: 'answer'; readonly text: string } | { readonly kind: 'refuse' } | { readonly kind: 'hold' };

const HOLD: Reply = { kind: 'hold' };
const REFUSE: Reply = { kind: 'refuse' };
/** ssh and sudo cut there. */
const ANSWER_LIMIT_BYTES = 1023;

/** What the questions of one connect need. */
export interface QuestionsOptions {
  readonly ask: Ask | undefined;
  /** For texts that do not say who asks, and for messages: `ssh deploy@web-3`. */
  readonly tried: string;
  readonly target: string;
  /** The fingerprint that the recipe expects. */
  readonly hostKey: string | undefined;
  readonly clock: Clock;
  readonly deadline: Deadline;
  /** Ends the tool with this error. */
  readonly fail: (error: ResproutError) => void;
  /** Takes a notice of the tool. */
  readonly notice: (text: string) => void;
  /** Aborts when the connect is over. */
  readonly signal: AbortSignal;
}

/**
 * The questions of one connect.
 * 1. A secret is given once per kind and user@host: the second question of that kind ends the tool.
 * 2. The deadline stands still while somebody is asked.
 * 3. A question that is not answered ends the tool; only a key's passphrase and a local confirmation are refused, since ssh then goes on.
 */
export class Questions {
  readonly #options: QuestionsOptions;
  readonly #answered = new Set<string>();
  #refused: Question | undefined;

  constructor(options: QuestionsOptions) {
    this.#options = options;
  }

  /** The last question that was refused in a way that let ssh go on. */
  get refused(): Question | undefined {
    return this.#refused;
  }

  /** Whether any question was answered. */
  get wasAnswered(): boolean {
    return this.#answered.size > 0;
  }

  /** Answers one question. Never rejects. */
  async reply(asked: AskedText): Promise<Reply> {
    const question = classifyQuestion(asked, this.#options.target);
    if (question === undefined) {
      this.#options.notice(asked.text);
      return HOLD;
    }
    if (isRepeat(question) || this.#answered.has(secretKey(question))) return this.#fail(this.#askedAgain(question));
    if (isAboutPinned(question)) return this.#replyPinned(question);
    return this.#options.ask === undefined ? this.#decline(question) : await this.#ask(question, this.#options.ask);
  }

  /** The expected fingerprint is the answer, so that ssh compares it too. */
  #replyPinned(question: Question): Reply {
    const { hostKey = '', tried } = this.#options;
    const shown = visible(question.fingerprint ?? 'no fingerprint');
    if (question.fingerprint === hostKey) return this.#give(question, hostKey);
    return this.#fail(
      new ResproutError('REMOTE_HOST_KEY_CHANGED', `${tried} shows the key ${shown}, not ${hostKey} as expected`, {
        tried,
        saw: `the key ${shown}`,
        do: 'Find out whether the host has a new key before you change the expected one',
      }),
    );
  }

  async #ask(question: Question, ask: Ask): Promise<Reply> {
    const { clock, deadline, signal } = this.#options;
    const limit = new AbortController();
    const timer = clock.after(ANSWER_LIMIT_MS, () => limit.abort());
    const over = AbortSignal.any([signal, limit.signal]);
    deadline.pause();
    try {
      const ended = new Promise<undefined>((resolve) => over.addEventListener('abort', () => resolve(undefined), { once: true }));
      const answer = await Promise.race([ask(question, over), ended]);
      if (signal.aborted) return HOLD;
      if (limit.signal.aborted) return this.#fail(this.#needed(question, `nobody answered within ${ANSWER_LIMIT_MS / 1000} s`));
      return answer === undefined ? this.#decline(question) : this.#give(question, answer);
    } catch (error) {
      return this.#fail(this.#needed(question, 'asking failed', toError(error)));
    } finally {
      timer.clear();
      deadline.resume();
    }
  }

  #give(question: Question, answer: string): Reply {
    const { kind } = question;
    const isEmptySecret = answer === '' && (kind === 'password' || kind === 'passphrase');
    if (isEmptySecret || ((kind === 'host-key' || kind === 'confirm') && answer === 'no')) return this.#decline(question);
    if (/[\r\n\0]/.test(answer) || Buffer.byteLength(answer) > ANSWER_LIMIT_BYTES) {
      return this.#fail(this.#needed(question, `the answer has a line end or more than ${ANSWER_LIMIT_BYTES} bytes`));
    }
    this.#answered.add(secretKey(question));
    return { kind: 'answer', text: answer };
  }

  #decline(question: Question): Reply {
    if (question.kind === 'passphrase' || question.kind === 'confirm') {
      this.#refused = question;
      return REFUSE;
    }
    return this.#fail(question.kind === 'host-key' ? this.#unknownKey(question) : this.needed(question));
  }

  #fail(error: ResproutError): Reply {
    this.#options.fail(error);
    return HOLD;
  }

  /** The error for a question that nobody answers. */
  needed(question: Question): ResproutError {
    return this.#needed(question, this.#options.ask === undefined ? 'nobody can be asked here' : 'no answer was given');
  }

  #needed(question: Question, why: string, cause?: Error): ResproutError {
    const text = visible(question.text.trim());
    const { tried } = this.#options;
    return new ResproutError(
      'REMOTE_AUTH_NEEDED',
      `${tried} asks "${text}" and ${why}`,
      {
        tried,
        saw: `the question "${text}"`,
        do: 'Run on a terminal, use an agent or a key without passphrase, or give an answer callback',
      },
      cause === undefined ? undefined : { cause },
    );
  }

  #unknownKey({ fingerprint = 'not told', text }: Question): ResproutError {
    const { tried, target } = this.#options;
    const host = /^The authenticity of host '(.{1,300}?)(?: \(|')/.exec(text)?.[1] ?? target;
    return new ResproutError('REMOTE_HOST_KEY_UNKNOWN', `The key of ${visible(host)} is not known here; it is ${visible(fingerprint)}`, {
      tried,
      saw: visible(text.trim()),
      do: `Compare the fingerprint with the one of the host, then connect once with ssh and accept it, or give hostKey: '${visible(fingerprint)}'`,
    });
  }

  #askedAgain(question: Question): ResproutError {
    const { tried } = this.#options;
    if (question.kind === 'host-key') return this.#unknownKey(question);
    const what = question.kind === 'code' ? 'answer' : question.kind;
    return new ResproutError('REMOTE_AUTH_FAILED', `${visible(question.who)} refused the ${what} that was given`, {
      tried,
      saw: `the question "${visible(question.text.trim())}" a second time`,
      do: `Check the user name and the ${what}; it was given once and is not tried again`,
    });
  }
}
