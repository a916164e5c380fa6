import type { ValueExtension } from './value-extension.ts';

/** A constructor whose prototype a decoded error gets. */
export interface ErrorConstructorLike {
  readonly prototype: object;
}

/** Bounds of one value; what is absent is as in LIMITS. */
export interface ValueLimits {
  readonly depth?: number;
  readonly nodes?: number;
  /** Of the whole value. Above it: WIRE_LIMIT. @default LIMITS.framePayloadBytes */
  readonly bytes?: number;
}

/** How a value is written. */
export interface EncodeOptions {
  readonly extensions?: readonly ValueExtension[];
  readonly limits?: ValueLimits;
  /** What the value is called in paths: `result`, `arguments`. @default "value" */
  readonly root?: string;
  /** Finds proxies, which no program can tell from what they wrap. Without it a proxy is read through. */
  readonly isProxy?: (value: object) => boolean;
  /**
   * Called for what cannot be written. An Error that it returns is thrown; anything else is written in its place.
   * @default makes REMOTE_VALUE_UNSENDABLE
   */
  readonly refuse?: (value: unknown, path: string, why: string) => unknown;
  /**
   * Called when a field of a plain object or of an instance with fields threw. What it returns is written in its place;
   * it throws the error again when the whole value is to fail. Without it the error goes on.
   */
  readonly salvage?: (error: unknown, path: string) => unknown;
  /** Whether instances of classes below Array are written as the arrays they hold; otherwise they are refused like other instances. @default false */
  readonly arrayClasses?: boolean;
  /** Whether stacks of errors are written. @default true */
  readonly stacks?: boolean;
}

/** How bytes are read. */
export interface DecodeOptions {
  readonly extensions?: readonly ValueExtension[];
  readonly limits?: ValueLimits;
  /** The class of an error by its name; for names that are not built in. An error of an unknown class is an Error with that name. */
  readonly errorClass?: (name: string) => ErrorConstructorLike | undefined;
  /** Called with each error of the value, wherever it stands in it, when it has all its fields. */
  readonly onError?: ((error: Error) => void) | undefined;
  /**
   * Whether decoded typed arrays of 16 KiB and more may be views of the given bytes instead of copies. Only for a caller that gives
   * the bytes away. @default false
   */
  readonly shareBytes?: boolean;
}
