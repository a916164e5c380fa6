import { InvalidArgumentError } from './commander.ts';

/** A number of things, from 1. @throws InvalidArgumentError, shown as a usage error */
export function parseCount(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(count) || count < 1) throw new InvalidArgumentError('Write a whole number from 1');
  return count;
}
