import { InvalidArgumentError } from './commander.ts';

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of a duration such as `500ms`, `10s`, `5m`, `2h`, `7d`. @throws InvalidArgumentError, shown as a usage error */
export function parseDuration(text: string): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? [];
  const unitMs = UNITS_MS[unit];
  if (amount === undefined || unitMs === undefined) throw new InvalidArgumentError('Write a number with ms, s, m, h or d, such as 10s');
  return Number(amount) * unitMs;
}
