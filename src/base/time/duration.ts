import { ResproutError } from '../errors/errors.ts';

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const part = /(\d+(?:\.\d+)?)(ms|s|m|h|d|w)/y;
/** 10,000 years: what lies beyond is a mistake of the caller, and no date can show it. */
const LONGEST_MS = 10_000 * 365.25 * 86_400_000;

type Unit = 'ms' | 's' | 'm' | 'h' | 'd' | 'w';

/** A duration as text: numbers, each with ms, s, m, h, d or w, such as `30s`, `500ms`, `7d`, `1h30m`. */
export type DurationText = `${number}${Unit}` | `${number}${Exclude<Unit, 'ms'>}${number}${string}`;

/** A duration: a number of milliseconds from 0 on, or a text. */
export type Duration = number | DurationText;

/** What a duration may look like, for messages. */
export const DURATION_FORMS = 'such as 30s, 500ms, 7d or 1h30m (units: ms, s, m, h, d, w)';

/** Milliseconds of a text in the one grammar of durations; undefined when it is none. */
export function readDurationMs(text: string): number | undefined {
  const given = text.trim();
  if (given === '') return undefined;
  let totalMs = 0;
  part.lastIndex = 0;
  while (part.lastIndex < given.length) {
    const found = part.exec(given);
    if (found === null) return undefined;
    totalMs += Number(found[1]) * (UNIT_MS[found[2] ?? ''] ?? Number.NaN);
  }
  return totalMs <= LONGEST_MS ? totalMs : undefined;
}

/**
 * A duration in milliseconds, from a number of milliseconds or a text such as `30s`, `500ms`, `7d` or `1h30m`.
 * Units: ms, s, m, h, d, w.
 * @param what the option it belongs to, for the message
 * @throws ResproutError CALL_OPTIONS_INVALID
 */
export function durationMs(duration: unknown, what: string): number {
  const ms = typeof duration === 'string' ? readDurationMs(duration) : duration;
  if (typeof ms === 'number' && ms >= 0 && ms <= LONGEST_MS) return ms;
  const saw = typeof duration === 'string' ? JSON.stringify(duration) : String(duration);
  throw new ResproutError('CALL_OPTIONS_INVALID', `${what} is ${saw}, which is not a duration`, {
    tried: what,
    saw,
    do: `Give a number of milliseconds from 0 on, or a text ${DURATION_FORMS}`,
  });
}
