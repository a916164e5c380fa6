// How the side that dials and the side that has the Node speak while one is put on the far side. They are the same process, or an intermediary
// and the controller.

/** What is to be done with the far side next. */
export interface PushAnswer {
  /** For its stdin. */
  readonly bytes: Uint8Array;
  /** More of them follow: `more` asks for it, before the far side says anything. */
  readonly isMore: boolean;
  /** So many bytes of its stdout are hashed before anything else; `hash SHA256` tells the result. 0 = none. */
  readonly hashBytes: number;
  /** What these bytes are, the same for every far side that gets them: an intermediary keeps them for a while, for the next one behind it. */
  readonly part?: string | undefined;
}

/**
 * Takes what the far side says: `system NAME MACHINE` first, then its own lines (see far-text.ts), `more` and `hash SHA256` between
 * them; `again` where the last part is not kept any more.
 * @throws ResproutError REMOTE_PUSH_IMPOSSIBLE, REMOTE_PUSH_FAILED
 */
export type PushStep = (told: string, signal: AbortSignal) => Promise<PushAnswer>;
