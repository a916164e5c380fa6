/** What a question asks for. `code`: any other text of the host, such as a one-time code. `confirm`: yes or no about a local matter. */
export type QuestionKind = 'host-key' | 'password' | 'passphrase' | 'code' | 'confirm';

/** A question of the tool that opens a context. Plain data: on an intermediary it travels up as it is. */
export interface Question {
  readonly kind: QuestionKind;
  /** Who asks, as far as the tool says it: `user@host` (a jump host names itself), else the target. */
  readonly who: string;
  /** The text as the tool shows it, at most 16,384 characters. May hold line ends; not yet safe for a terminal. */
  readonly text: string;
  /** For `host-key`: the fingerprint that the host shows, `SHA256:…`. */
  readonly fingerprint?: string | undefined;
  /** Whether the answer must not be shown while it is typed. */
  readonly isSecret: boolean;
}

/**
 * Answers questions: a terminal, a callback of the program, a controller further up.
 * Resolves with the answer (for `host-key`: `yes`, `no` or the fingerprint; for `confirm`: `yes` or `no`), or with undefined: nobody answers.
 * Each question is asked once per connect; the connect deadline stands still meanwhile and `signal` aborts after 120 s or when the tool ends.
 */
export type Ask = (question: Question, signal: AbortSignal) => Promise<string | undefined>;

/** Longest time that a person may take for one answer. */
export const ANSWER_LIMIT_MS = 120_000;
