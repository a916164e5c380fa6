import { ResproutError } from '../../base/errors.ts';

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const part = /(\d+(?:\.\d+)?)(ms|s|m|h|d|w)/y;
/** 10,000 years: what lies beyond is a mistake of the caller, and no date can show it. */
const LONGEST_MS = 10_000 * 365.25 * 86_400_000;

function parse(text: string): number | undefined {
  let totalMs = 0;
  part.lastIndex = 0;
  while (part.lastIndex < text.length) {
    const found = part.exec(text);
    if (found === null) return undefined;
    totalMs += Number(found[1]) * (UNIT_MS[found[2] ?? ''] ?? Number.NaN);
  }
  return text === '' ? undefined : totalMs;
}

/**
 * A duration in milliseconds, from a number of milliseconds or a text such as `30s`, `500ms`, `7d` or `1h30m`.
 * Units: ms, s, m, h, d, w.
 * @param what the option it belongs to, for the message
 * @throws ResproutError CALL_OPTIONS_INVALID
 */
export function durationMs(duration: number | string, what: string): number {
  const ms = typeof duration === 'number' ? duration : typeof duration === 'string' ? parse(duration.trim()) : undefined;
  if (ms !== undefined && ms >= 0 && ms <= LONGEST_MS) return ms;
  throw new ResproutError('CALL_OPTIONS_INVALID', `${what} is ${JSON.stringify(duration) ?? String(duration)}, which is not a duration`, {
    tried: what,
    saw: JSON.stringify(duration) ?? String(duration),
    do: 'Give a number of milliseconds from 0 on, or a text such as 30s, 500ms, 7d or 1h30m',
  });
}
