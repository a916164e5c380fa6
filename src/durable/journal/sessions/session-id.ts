import type { Clock } from '../../../base/seams/clock.ts';
import type { Random } from '../../../base/seams/random.ts';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const PATTERN = /^ses_[0-9abcdefghjkmnpqrstvwxyz]{26}$/;
const TIME_DIGITS = 10;
const CHANCE_DIGITS = 16;

/** A new id: `ses_`, ten digits of the time and sixteen of chance in Crockford's base 32. Ids of later milliseconds sort later. */
export function newSessionId(clock: Pick<Clock, 'wallMs'>, random: Random): string {
  let time = '';
  for (let rest = clock.wallMs(), i = 0; i < TIME_DIGITS; i++, rest = Math.floor(rest / 32)) time = (ALPHABET[rest % 32] ?? '0') + time;
  let chance = '';
  for (const byte of random.bytes(CHANCE_DIGITS)) chance += ALPHABET[byte % 32];
  return `ses_${time}${chance}`;
}

/** Wall time in an id that `newSessionId` made, ms since 1970; some number for any other id. */
export function timeIn(id: string): number {
  let time = 0;
  for (const digit of id.slice('ses_'.length, 'ses_'.length + TIME_DIGITS)) time = time * 32 + ALPHABET.indexOf(digit);
  return time;
}

/** Whether a text is a whole session id. */
export function isSessionId(text: string): boolean {
  return PATTERN.test(text);
}
