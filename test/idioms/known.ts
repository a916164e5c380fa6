// Programs that are not right yet, each with its reason. It only gets shorter: a program of this list that has become right fails the
// tests until its line is taken out.

/** The first stage that is not right. Of `kills` a few only may be wrong: the whole run knows, the tests see a sample. */
export type KnownStage = 'session' | 'replay' | 'kills';

export interface Known {
  readonly at: KnownStage;
  readonly why: string;
  /** Wrong at some times only. */
  readonly sometimes?: true;
}

export const KNOWN: Readonly<Record<string, Known>> = {};
