import type { Duplex } from 'node:stream';
import type { NativeSession } from '../sessions/native-session.ts';

/** What a stream of a program asks of its session. */
export interface StreamOwner {
  readonly streams: Set<Duplex>;
  /** The code that the session ends with, or was told to. */
  readonly endCode: number;
  readonly closed: boolean;
  readonly destroyed: boolean;
  readonly remoteSettings: { readonly enablePush?: boolean | undefined };
  /** Its connection, as the program sees it. */
  readonly socket: object | undefined;
  /** The half outside, when this process has it. */
  readonly half: NativeSession | undefined;
  /** Something happened: its timeout begins again. */
  touch(): void;
  /** Ends it when it is closed and this was its last stream. */
  maybeDestroy(): void;
}
