import { InvalidArgumentError } from './commander.ts';

/** Number of an event as `show` prints it, from 1: event 0 is the start. @throws InvalidArgumentError, shown as a usage error */
export function parseEventNumber(text: string): number {
  const seq = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(seq) || seq < 1)
    throw new InvalidArgumentError('Write the number of an event, as resprout show prints it; the first after the start is 1');
  return seq;
}
