import type { ErrorConstructorLike } from '../../../wire/index.ts';
import type { NodeKinds } from './node-kinds.ts';

/** How a value is recorded. */
export interface RecordOptions {
  readonly kinds: NodeKinds;
  /** Bodies read by settleBodies. A Response, Request, Blob or stream that is not among them is live. */
  readonly bodies?: ReadonlyMap<object, Uint8Array>;
  /**
   * Whether fields that cannot be written become ghosts, which throw when they are touched. Without it such a field makes the whole
   * value live, and so does an instance of a class with data: for results of synchronous calls, which can be made again. @default true
   */
  readonly ghosts?: boolean;
  /** Whether an instance with methods is live even when it has data fields: for results of synchronous calls. @default false */
  readonly behaviourIsLive?: boolean;
  /** What the value is called in messages. @default "result" */
  readonly root?: string;
  /** @default LIMITS.recordedValueBytes */
  readonly limitBytes?: number;
}

/** How a recorded value is read. */
export interface ReplayOptions {
  readonly kinds: NodeKinds;
  /** Class of an error by its name, as seen in the imports of the session, so that `instanceof` holds. */
  readonly errorClass?: (name: string) => ErrorConstructorLike | undefined;
}
