import type { ContextId } from '../../base/brand.ts';
import type { ModuleServer } from '../../base/builds/build.ts';
import type { Message } from '../child/core/messages/messages.ts';
import type { Ask } from '../connect/questions/ask.ts';
import type { Recipe } from '../connect/recipe.ts';
import type { DetachedPlace } from '../detached/token.ts';
import type { LogLevel, LogSink } from '../../base/seams/log.ts';

/** What is known of an open far process. Plain data; the same in the journal. */
export interface ContextFacts {
  /** Id in the tree of this run; another after each opening. */
  readonly id: number;
  readonly pid: number;
  readonly uid: number;
  /** Version such as `v22.18.0`, and the path of the Node that runs. */
  readonly node: string;
  readonly execPath: string;
  readonly platform: string;
  readonly arch: string;
  readonly hostname: string;
  /** Folder it started in. */
  readonly cwd: string;
  /** How often this recipe was opened, from 1. Modules of an earlier generation and their state are gone. */
  readonly generation: number;
}

/** How a far process went away. */
export interface LostReport {
  /** `closed` and `detached` = by this program; `exited` = its own process.exit or uncaught error; `lost` = anything else. */
  readonly how: 'closed' | 'detached' | 'exited' | 'lost';
  /** One sentence without final period, such as `killed by SIGKILL`. */
  readonly reason: string;
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** Last lines of its stderr, oldest first. */
  readonly lastLines: readonly string[];
  /** The uncaught error in bytes of the codec, when that ended it. */
  readonly error?: Uint8Array | undefined;
}

/** An order to open a context. */
export interface OpenRequest {
  readonly recipe: Recipe;
  /** Id of the open context through which it is opened; absent = a child of this process. */
  readonly via?: ContextId | undefined;
  readonly generation: number;
  /** Lowest level of the lines that the far side sends; `info` when absent. */
  readonly logLevel?: LogLevel | undefined;
  /** The far side ends by itself after this long without any frame; 600,000 ms when absent. */
  readonly leaseMs?: number | undefined;
  /** A link without a sign of life is given up after this long; 20,000 ms when absent. */
  readonly deadAfterMs?: number | undefined;
  /** Patterns of files that it may load besides those of the program. */
  readonly serve?: readonly string[] | undefined;
  /** It runs already, and waits there. */
  readonly detached?: DetachedPlace | undefined;
}

/** An order to let a context live on. */
export interface DetachRequest {
  readonly leaseMs: number;
  /** How many numbers the program has given out. */
  readonly issued: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * What contexts need of the broker of their process. `local-host.ts`: broker and program share one thread (plain programs, the command line).
 * `port-host.ts`: the broker is another thread (runners). Messages are whole; the broker cuts them into frames.
 */
export interface Host {
  /** Id of this process in the tree; 0 = the controller. */
  readonly id: ContextId;
  /**
   * Starts a far process and waits for its HELLO.
   * @throws ResproutError REMOTE_CONNECT_FAILED, REMOTE_CONNECT_TIMEOUT, REMOTE_NODE_MISSING, REMOTE_NODE_TOO_OLD, REMOTE_AUTH_FAILED, REMOTE_HOST_KEY_UNKNOWN …
   */
  open(request: OpenRequest, signal: AbortSignal, ask?: Ask): Promise<ContextFacts>;
  /** Asks a context to end, forces it after `graceMs`; resolves when it and all below it are gone. Unknown ids are fine. */
  close(id: ContextId, graceMs: number): Promise<void>;
  /**
   * Lets a context live on without this process, for `leaseMs` at most; it is gone from here then. Absent where contexts end with their program.
   * @throws ResproutError REMOTE_DETACH_REFUSED, REMOTE_LOST
   */
  detach?(id: ContextId, request: DetachRequest): Promise<DetachedPlace>;
  /** Sends a message. `ships`: the file whose closure must be there first; a refusal comes back as the answer. Never throws. */
  send(message: Omit<Message, 'src'>, ships?: { readonly build: string; readonly file: string }): void;
  /** Who gets messages for mailboxes from FIRST_MAIN_HANDLE on, and for the fixed ones of a program. Set once. */
  onMessage(handler: (message: Message) => void): void;
  /** Called once for each context that went away, before anything else is told about it. */
  onLost(handler: (id: ContextId, report: LostReport) => void): void;
  /** While `busy`, open contexts keep the process alive; otherwise a finished program ends. */
  hold(busy: boolean): void;
}

/** What a host is made of in the thread of the broker. */
export interface HostParts {
  /** Answers module requests of far contexts that this process opened. */
  readonly modules: ModuleServer;
  /** Takes the lines of all far contexts. */
  readonly log: LogSink;
  /** Answers questions of openings that bring nobody along. */
  readonly ask?: Ask | undefined;
}
