import { constants } from 'node:os';

/** The number of a signal on this machine; undefined for what is none. */
export function signalNumber(name: string): number | undefined {
  const { signals } = constants;
  return Object.hasOwn(signals, name) ? signals[name as NodeJS.Signals] : undefined;
}
