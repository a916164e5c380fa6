/** What was found of one matter of a target. */
export interface Step {
  /** The target up to the hop that it is about. */
  readonly of: string;
  readonly name: string;
  readonly state: 'ok' | 'warning' | 'failed' | 'not reached';
  /** What was seen. Not yet safe for a terminal. */
  readonly saw: string;
  /** What to do about it. */
  readonly do?: string | undefined;
  /** Exit code of the command, of a step that failed. */
  readonly exit?: number | undefined;
}
