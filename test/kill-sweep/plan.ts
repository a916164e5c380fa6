// What a kill is and when it strikes. Plain data: it travels to the owner process as JSON.

/** Whose process is killed: the command that owns the journal, the runner, both at once, or the process of one context. */
export const WAYS = ['cli', 'runner', 'both', 'context'] as const;
export type Way = (typeof WAYS)[number];

/** What a session can be doing when it is hit. */
export const PHASES = ['before the first commit', 'connecting', 'calls in flight', 'sleeping', 'writing'] as const;
export type Phase = (typeof PHASES)[number];

export type Moment =
  /** Right after the commit of this event; nothing after it is written. */
  | { readonly kind: 'event'; readonly seq: number }
  /** This long after the owner began. */
  | { readonly kind: 'time'; readonly afterMs: number }
  /** This long after the phase was seen for the first time. */
  | { readonly kind: 'phase'; readonly phase: Phase; readonly afterMs: number };

export interface Kill {
  readonly way: Way;
  readonly moment: Moment;
}

export function describeKill(kill: Kill): string {
  const { moment } = kill;
  const when =
    moment.kind === 'event'
      ? `after event ${moment.seq}`
      : moment.kind === 'time'
        ? `after ${moment.afterMs.toFixed(0)} ms`
        : `in «${moment.phase}» + ${moment.afterMs} ms`;
  return `${kill.way} ${when}`;
}
