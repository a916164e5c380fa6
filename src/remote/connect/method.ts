import type { Clock } from '../../base/seams/clock.ts';
import type { Link } from '../../base/seams/link.ts';
import type { Random } from '../../base/seams/random.ts';
import type { ExitReport } from '../../base/seams/spawner.ts';
import type { PipeEnd } from '../../platform/process/spawner.ts';
import type { PushStep } from './push/push-step.ts';
import type { Ask } from './questions/ask.ts';
import type { CommonRecipe, OwnFields, Recipe } from './recipe.ts';

/**
 * The descriptors on which the far core finds its link. The first stage has read the core from `read`; what follows there are frames.
 * `duplex`: read and write 3 (one socket); stdout and stderr are pipes that the parent reads.
 * `split`: read 3, write 4; 5 is the read end of the user's stdout when `fstat(5).isFIFO()`, else nothing is captured and stdout is the
 * transport's stderr; stderr is the transport's.
 */
export type FarStdio = 'duplex' | 'split';

/** A line that is not protocol. Not yet safe for a terminal; at most 8,192 characters. */
export interface TransportLine {
  /** `stdout`: noise before the marker (banners, rc files). `transport`: stderr of the tool and of the far side behind it. */
  readonly stream: 'stdout' | 'transport';
  readonly text: string;
}

/** Bytes that come by themselves. They wait until a handler is set; then every piece is handed over, and the end once. */
export interface ByteSource {
  onData(handler: (bytes: Uint8Array) => void): void;
  onEnd(handler: () => void): void;
  pause(): void;
  resume(): void;
}

/** The outside of a connect. Whole processes run on it: `dial` starts real ones. */
export interface DialSeams {
  readonly clock: Clock;
  readonly random: Random;
  /** The environment of this process. Tools and local children get it less what would load code into them. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What to open and how to talk while it opens. */
export interface DialRequest {
  readonly recipe: Recipe;
  /** What the first stage must read and eval: the core with its connect data, brotli-compressed, complete. */
  readonly boot: Uint8Array;
  /** Answers the tool's questions. Undefined: nobody can, and a question ends the connect with its text in the error. */
  readonly ask?: Ask | undefined;
  /** Takes noise and the transport's stderr, also after the connect. Must not throw. */
  readonly onLine: (line: TransportLine) => void;
  /** Ends the attempt: everything is taken down and `dial` rejects with the signal's reason. Without effect after `dial` resolved. */
  readonly signal: AbortSignal;
  /** Limit for all of the connect but the time in which a person is asked; the recipe's, else 30,000, when absent. */
  readonly timeoutMs?: number | undefined;
  /** Gives a Node to a far side that has none that fits. Undefined: such a far side is an error. */
  readonly push?: PushStep | undefined;
  readonly seams: DialSeams;
}

/** How a far process is let go of that lives on without this one. */
export interface Leaving {
  /** What it prints, where this process reads it: somebody else must then. */
  readonly outputs: readonly (PipeEnd | undefined)[];
  /** Ends the link and what stands between, and nothing of the far process. */
  done(): Promise<void>;
}

/** A started far process whose first stage has, or will have, read the core. Whoever dialled owns it: `kill` or the link's end ends it. */
export interface Dialled {
  /** The next bytes that arrive are the first frame of the core. Closing it is EOF for the far side. */
  readonly link: Link;
  /** `local` only: the pipes of the child's stdout and stderr. They must be read, else the child blocks. */
  readonly stdout?: ByteSource | undefined;
  readonly stderr?: ByteSource | undefined;
  /** The Node that runs the core, with its version (`22.18.0`), which has been checked. */
  readonly node: { readonly path: string; readonly version: string };
  /** Pid of our own child: the far process itself for `local`, the tool for the others. */
  readonly pid: number;
  /** How that child ended; its last lines have been read by then. */
  readonly exited: Promise<ExitReport>;
  /** What is left of the limit for the first frame. */
  readonly remainingMs: number;
  /** The last lines of the transport (noise and stderr), oldest first, at most 20. */
  lastWords(): readonly string[];
  /** From here on nothing of it keeps this process alive; whoever waits for an answer holds the process by a timer of its own. */
  unref(): void;
  /** Ends the link and the child with its process group: SIGTERM, SIGKILL after 500 ms. Resolves when it has ended. Twice is fine. */
  kill(): Promise<void>;
  /** Absent: it ends with this process, whatever is tried. */
  readonly leaving?: Leaving | undefined;
}

/** What a field of a recipe can be, with its type. Each is checked in `fields.ts`. */
export interface FieldTypes {
  readonly host: string;
  readonly user: string;
  readonly port: number;
  readonly hostKey: string;
  /** An absolute path. */
  readonly path: string;
  /** A container, pod, machine or namespace. */
  readonly instance: string;
  /** A program: a path, or a name on PATH. */
  readonly program: string;
  /** Words for a tool. */
  readonly words: readonly string[];
  readonly flag: boolean;
}

/** How a target text gives a recipe: `NAME:PLACE` or `NAME://USER@PLACE:PORT`, and options behind `?`. */
export interface TargetForm<Field extends string = string> {
  /** For help and messages, such as `ssh://USER@HOST:PORT`. */
  readonly help: string;
  /** The field that the place gives. */
  readonly place: Field | 'name';
  /** The field that stands before `@`. */
  readonly user?: Field;
  /** The field that follows the place behind a colon; the place may then be an address in brackets. */
  readonly port?: Field;
  /** Whether `//` follows the colon. `user`: before a user only, as in `docker://app@web`. */
  readonly slashes: 'always' | 'never' | 'user';
  /** What may follow `?`: fields, `node` and `name`; `pushNode` too where the far side is reached through a shell. */
  readonly options: readonly (Field | 'node' | 'name')[];
}

/**
 * One way to open a context: data and what opens it. Recipes, target texts, errors and help are made of it, so that a new one is a folder in
 * `methods/` and its lines in `methods.ts` and `openers.ts`. The suite of `testing/` shows whether it is right.
 */
export interface ConnectionMethod {
  readonly name: string;
  readonly farStdio: FarStdio;
  /** What its recipes have beside what all have, in the order in which they are written. */
  readonly fields: Readonly<Record<string, keyof FieldTypes>>;
  /** The fields that a recipe must have. */
  readonly required: readonly string[];
  readonly target: TargetForm;
  /** What a context is called when nobody says so. */
  defaultName(fields: object): string;
  /** Whether it leads into a part of the machine from which it is opened: its default name then begins with the name of `via`. */
  readonly isWithin: boolean;
  /** For messages: what is tried, such as `ssh deploy@web-3`. */
  describe(recipe: CommonRecipe): string;
  /** Whether this exit code, before the context was open, is of what stands between and was cut off, not of the far side: it may pass. */
  isCutOff(exitCode: number): boolean;
  /** @throws ResproutError REMOTE_*, or the signal's reason. Whatever it started is gone by then. */
  open(recipe: CommonRecipe, request: DialRequest): Promise<Dialled>;
}

/** The kinds of fields whose values have this type. */
type KindOf<V> = { [K in keyof FieldTypes]: FieldTypes[K] extends V ? K : never }[keyof FieldTypes];

/** A method with recipes of its own: every field of them is named. */
export interface MethodOf<R extends CommonRecipe> extends ConnectionMethod {
  readonly name: R['method'];
  readonly fields: { readonly [F in keyof OwnFields<R>]-?: KindOf<Exclude<OwnFields<R>[F], undefined>> };
  readonly required: readonly Extract<keyof OwnFields<R>, string>[];
  readonly target: TargetForm<Extract<keyof OwnFields<R>, string>>;
  defaultName(fields: OwnFields<R>): string;
  describe(recipe: R): string;
  open(recipe: R, request: DialRequest): Promise<Dialled>;
}
