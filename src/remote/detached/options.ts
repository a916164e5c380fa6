import { ResproutError } from '../../base/errors/errors.ts';

/** How a context is detached. */
export interface DetachOptions {
  /** How long it lives at most when nobody attaches to it, milliseconds: from 1,000 to 604,800,000 (a week). */
  readonly leaseMs: number;
  /** Stops it as long as nothing has changed. */
  readonly signal?: AbortSignal | undefined;
}

const LEAST_MS = 1000;
const MOST_MS = 604_800_000;

/** @throws ResproutError REMOTE_TARGET_INVALID */
export function checkDetach(options: DetachOptions): void {
  const { leaseMs }: Partial<DetachOptions> = options ?? {};
  if (leaseMs !== undefined && Number.isInteger(leaseMs) && leaseMs >= LEAST_MS && leaseMs <= MOST_MS) return;
  const saw = `"leaseMs" is ${String(JSON.stringify(leaseMs))}`;
  const allowed = `a whole number of milliseconds from ${LEAST_MS} to ${MOST_MS}`;
  throw new ResproutError('REMOTE_TARGET_INVALID', saw, { tried: 'detach a context', saw, do: `Give ${allowed}` });
}
