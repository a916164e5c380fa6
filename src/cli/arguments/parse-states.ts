import type { SessionState } from '../../durable/journal/sessions/session-info.ts';
import { InvalidArgumentError } from './commander.ts';

/** All states of sessions. */
export const STATES: readonly SessionState[] = [
  'running',
  'parked',
  'waiting',
  'interrupted',
  'done',
  'failed',
  'cancelled',
  'damaged',
  'sealed',
];

/** Reads states joined by commas. @throws InvalidArgumentError, shown as a usage error, for anything but `allowed` */
export function statesOf(allowed: readonly SessionState[]): (text: string) => readonly SessionState[] {
  return (text) =>
    text.split(',').map((name) => {
      const state = allowed.find((one) => one === name.trim());
      if (state === undefined) throw new InvalidArgumentError(`Allowed choices are ${allowed.join(', ')}`);
      return state;
    });
}
