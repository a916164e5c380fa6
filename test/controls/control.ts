// One deliberate fault, the rule it breaks, and who must notice it.

/** Tests that must fail while the fault is in. */
export interface Notice {
  /** The test file, from the folder of the package. */
  readonly file: string;
  /** Pattern of the names of tests, as node:test takes it. */
  readonly only: string;
}

/** A fault that is put into a copy of the sources. */
export interface Control {
  /** A few words, by which the command line knows it too. */
  readonly name: string;
  /** What the product promises, as one sentence. */
  readonly rule: string;
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly text: string;
  /** Stands in its place while the fault is in. It keeps to the language: what cannot be loaded shows nothing. */
  readonly fault: string;
  /** Each of them has to notice. */
  readonly noticedBy: readonly [Notice, ...Notice[]];
  /** Whether it belongs to the short part that CI runs: a test of a second or two, in one process. */
  readonly isQuick?: boolean;
}
