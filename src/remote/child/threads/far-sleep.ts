const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `sleep` on the far side: an ordinary timer. Milliseconds or a text such as `30s`. */
export function farSleep(duration: number | string): Promise<void> {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/.exec(String(duration));
  const ms = typeof duration === 'number' ? duration : Number(match?.[1]) * (UNIT_MS[match?.[2] ?? ''] ?? NaN);
  if (!(ms >= 0)) throw new RangeError(`sleep(${JSON.stringify(duration)}) is not a duration: give milliseconds or a text such as '30s'`);
  return new Promise((resolve) => setTimeout(resolve, ms));
}
