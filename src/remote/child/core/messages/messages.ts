// What travels between contexts, above frames: one type per handle. Payloads are values of the codec unless said otherwise.
// Everything that comes from a child is `unknown` until one of the parsers in `parse.ts` has looked at it.
import type { ContextId } from '../../../../base/brand.ts';
import type { FunctionAddress, ModuleBatch, ModuleRequest } from '../../../../base/builds/build.ts';
import type { LogLevel } from '../../../../base/seams/log.ts';

/** A whole message, before it is cut into frames or after it was put together. */
export interface Message {
  readonly dst: ContextId;
  readonly src: ContextId;
  /** Mailbox at `dst`. */
  readonly handle: number;
  /** Mailbox at `src` for the answer; 0 = none wanted, DEAD = this is a negative answer with an optional text. */
  readonly replyTo: number;
  readonly payload: Uint8Array;
}

/** SETUP: the first frame to a far process, behind the core text. */
export interface SetupMessage {
  /** Ids of its ancestors, nearest first; the last is the controller. They alone may make it run code. */
  readonly ancestors: readonly ContextId[];
  /** Who opened it and serves its modules: one of the ancestors. */
  readonly home: ContextId;
  readonly name: string;
  readonly logLevel: LogLevel;
  readonly leaseMs: number;
  /** How often this recipe was opened, from 1. */
  readonly generation: number;
  /** Letters and digits that make far paths unguessable: they begin with `/<secret>-`. */
  readonly secret: string;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string | undefined;
}

/** HELLO: the first frame of a far process to its parent. */
export interface HelloMessage {
  readonly protocol: number;
  readonly pid: number;
  readonly uid: number;
  readonly node: string;
  readonly execPath: string;
  readonly platform: string;
  readonly arch: string;
  readonly cwd: string;
  readonly hostname: string;
}

/** The function of a call. Its sender has numbered it, and leaves the rest out when an answer has told that the far side knows it. */
export interface Callee {
  readonly n?: number | undefined;
  readonly address?: FunctionAddress;
  /** What logs call it, such as `ops.ts#upgrade`. */
  readonly label?: string;
}

/** CALL: run a function. Needs the authority of an ancestor. The answer is a ResultMessage. */
export interface CallMessage extends Callee {
  /** An array of the arguments, in bytes of the codec, with the extensions of `crossing.ts`. */
  readonly args: Uint8Array;
  /** Calls of one chain run one after the other; after the first failure the rest fails the same way without running. */
  readonly chain?: string | undefined;
  readonly idempotencyKey?: string | undefined;
}

/** The answer to CALL, and each step of a channel. `bytes` is a value (ok) or an error (not ok) of the codec. */
export interface ResultMessage {
  readonly ok: boolean;
  readonly bytes: Uint8Array;
}

/** ABORT: the signal of a call, or one that was passed as an argument, has fired. */
export interface AbortMessage {
  /** `replyTo` of the call, or the number of the signal inside its arguments. */
  readonly target: number;
  readonly kind: 'call' | 'signal';
  /** The reason, in bytes of the codec. */
  readonly reason: Uint8Array;
}

/** CHANNEL_CREDIT: the consumer of an async iterable can take `credit` more steps; answered by as many of these at the most, or the end. */
export interface ChannelPull {
  /** Number that the producer gave the channel. */
  readonly channel: number;
  readonly credit: number;
  /** The consumer will not read on: the producer's `return` runs. */
  readonly stop?: boolean | undefined;
}

/** One step of an async iterable, to the mailbox that came with the first CHANNEL_CREDIT. */
export interface ChannelStep {
  readonly channel: number;
  readonly kind: 'next' | 'done' | 'error';
  readonly bytes: Uint8Array;
}

/** LOAD_MODULE: a batch that the receiver keeps, pushed before a call or as the answer to GET_MODULE. */
export interface ModulesMessage {
  readonly batch?: ModuleBatch | undefined;
  /** An error in bytes of the codec, when the request was refused. */
  readonly error?: Uint8Array | undefined;
}

/** GET_MODULE: a late module, or a data file. Only importer and specifier; the parent resolves and decides. */
export type NeedMessage = Extract<ModuleRequest, { kind: 'late' | 'data' }>;

/** LOG: lines of a context, already filtered by the level of the connect data. */
export interface LogMessage {
  readonly lines: readonly (readonly [stream: 'console' | 'stdout' | 'stderr', level: LogLevel, text: string])[];
  /** Lines that were dropped before these, since they came too fast. */
  readonly dropped: number;
  /** An intermediary speaks for this context below it. */
  readonly about?: number | undefined;
}

/** EXITING: last words of a far process that ends by itself. */
export interface ExitingMessage {
  /** `exit` = process.exit or an empty event loop; `error` = an uncaught error, `rejection` = an unhandled rejection. */
  readonly why: 'exit' | 'error' | 'rejection';
  readonly code: number;
  /** The error in bytes of the codec. */
  readonly error?: Uint8Array | undefined;
}

/** SHUTDOWN: end within `graceMs`. Needs the authority of an ancestor. */
export interface ShutdownMessage {
  readonly graceMs: number;
}
