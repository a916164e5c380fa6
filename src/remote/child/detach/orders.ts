// What a controller and a far process say to each other about living on without a controller.

/** DETACH, first: get ready. Answered by a `ReadyAnswer`. Nothing has changed then: when the link ends now, the process ends. */
export interface ReadyOrder {
  readonly leaseMs: number;
  /** What lets in. */
  readonly secret: string;
  /** What it says of itself to whoever attaches: bytes that only controllers read. */
  readonly kept: Uint8Array;
  /** The lease of its links: nobody else renews it meanwhile. */
  readonly linkLeaseMs: number;
  /** Whether its controller leads what it prints to pipes that it makes for that; else its descriptors must bear the end of the link. */
  readonly needsPipes: boolean;
}

/** Where it waits, or why it cannot live on. */
export type ReadyAnswer = { readonly path: string; readonly pipes: readonly string[] } | { readonly refused: string };

/** DETACH, second: live on from now, answered by whether it does (`isGone`), the last thing on this link; or stay as it is. */
export interface GoOrder {
  readonly go: boolean;
}
