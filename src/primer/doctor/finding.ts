// What the doctor says of one thing.

/** A line of the report. `bad`: a start fails on it; `odd`: it works, and somebody may wonder. */
export interface Finding {
  readonly kind: 'good' | 'odd' | 'bad';
  readonly about: string;
  readonly says: string;
  /** What to do. */
  readonly cure?: string;
}

export const good = (about: string, says: string): Finding => ({ kind: 'good', about, says });
export const odd = (about: string, says: string, cure?: string): Finding => ({
  kind: 'odd',
  about,
  says,
  ...(cure === undefined ? {} : { cure }),
});
export const bad = (about: string, says: string, cure: string): Finding => ({ kind: 'bad', about, says, cure });
