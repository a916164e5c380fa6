/** What every code carries: the sentence that `help CODE` begins with, the general cure, and the exit code. */
export interface ErrorKind {
  /** One sentence, no final period: what this code means. */
  readonly means: string;
  /** One sentence: what usually helps. */
  readonly cure: string;
  /** Exit code of the command that ends with it: 1 the user's program, 2 usage, 3 resumable, 4 environment. */
  readonly exit: 1 | 2 | 3 | 4;
}
