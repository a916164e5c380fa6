/** A program of the suite: what people write, as a complete file. */
export interface Program {
  /** `concern/name`. */
  readonly name: string;
  readonly concern: string;
  /** Absolute path of the file when it is one of the user's; else the files below are written. */
  readonly path?: string | undefined;
  /** Name of the file that is run. */
  readonly file: string;
  /** Name to text, the file that is run among them. */
  readonly files: ReadonlyMap<string, string>;
  /** `main`: a function is exported and called. `script`: the body is the program. */
  readonly form: 'main' | 'script';
  /** A kill may end it with one of our codes: it holds a conversation that dies with its process. */
  readonly mayLose: boolean;
  /** A session may refuse it with one of our codes. */
  readonly mayRefuse: boolean;
  /** Under plain Node it ends with an error or an exit code, as it should. */
  readonly fails: boolean;
  readonly argv: readonly string[];
  readonly stdin?: string | undefined;
  /** Files whose content differs from run to run. */
  readonly volatile: readonly string[];
  /** What of the printed text differs from run to run: times, mostly. */
  readonly blur?: RegExp | undefined;
  /**
   * What the outcome may hold, after a kill, when the one call in flight was made twice: `EEXIST` of a second `mkdir`.
   * A line that stands twice in a file needs no mention.
   */
  readonly repeats: readonly string[];
  /** What lies beside the program as a link: name to an absolute path. */
  readonly links?: ReadonlyMap<string, string> | undefined;
  /** Told of the folder in which the program will run, before it does. */
  readonly onFolder?: ((folder: string) => void) | undefined;
  /** How many calls that change something may be in flight at once. Default 1. */
  readonly inFlight: number;
}

const MAIN =
  /\bexport\s+default\b|\bexport\s+(?:async\s+)?function\s*\*?\s*main\b|\bexport\s+const\s+main\b|\bexport\s*\{[^}]*\bmain\b[^}]*\}|\bmodule\.exports\s*=|\bexports\.main\s*=/;

/** Whether a text exports what the command would call. */
export function formOf(text: string): Program['form'] {
  return MAIN.test(text) ? 'main' : 'script';
}
