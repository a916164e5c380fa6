import type { Clock } from '../../base/seams/clock.ts';
import type { Link } from '../../base/seams/link.ts';
import type { Random } from '../../base/seams/random.ts';
import type { ExitReport } from '../../base/seams/spawner.ts';
import type { Ask } from './questions/ask.ts';
import type { ConnectionMethodName, Recipe } from './recipe.ts';

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
  readonly seams: DialSeams;
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
}

/** One way to open a context. A new one is a file with such an object, a recipe, and a case in `dial.ts`; the suite of `testing/` shows whether it is right. */
export interface ConnectionMethod<R extends Recipe = Recipe> {
  readonly name: ConnectionMethodName;
  readonly farStdio: FarStdio;
  /** For messages: what is tried, such as `ssh deploy@web-3`. */
  describe(recipe: R): string;
  /** @throws ResproutError REMOTE_*, or the signal's reason. Whatever it started is gone by then. */
  open(recipe: R, request: DialRequest): Promise<Dialled>;
}
