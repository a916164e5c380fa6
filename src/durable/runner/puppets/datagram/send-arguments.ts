// The arguments of `send` of a datagram socket in all their forms.
import { alreadyConnected, badMessage, badPort, outOfBounds } from './datagram-errors.ts';

export type SendCallback = (error: Error | null, bytes: number) => void;

/** What is sent where. */
export interface Sending {
  readonly bytes: Buffer;
  readonly port: number | undefined;
  readonly address: string | undefined;
  readonly callback: SendCallback | undefined;
}

const isCallback = (value: unknown): value is SendCallback => typeof value === 'function';

function bytesOf(message: unknown): Buffer | undefined {
  if (typeof message === 'string') return Buffer.from(message);
  if (ArrayBuffer.isView(message)) return Buffer.from(message.buffer, message.byteOffset, message.byteLength);
  if (!Array.isArray(message)) return undefined;
  const parts = (message as unknown[]).map(bytesOf);
  return parts.every((part) => part !== undefined) ? Buffer.concat(parts) : undefined;
}

/** @throws as Node does */
export function sendArguments(isConnected: boolean, given: readonly unknown[]): Sending {
  const [message, ...rest] = given;
  const all = bytesOf(message);
  const callback = rest.find(isCallback);
  const plain = rest.filter((arg) => !isCallback(arg) && arg !== undefined && arg !== null);
  if (all === undefined) throw badMessage(message);
  // With an offset and a length, when there is more than a port and an address.
  const numbers = plain.filter((arg) => typeof arg === 'number' || (typeof arg === 'string' && arg !== '' && Number(arg) >= 0));
  const isSliced = isConnected ? numbers.length >= 2 : numbers.length >= 3;
  const [offset, length] = isSliced ? [Number(plain[0]), Number(plain[1])] : [0, all.length];
  if (offset < 0 || offset > all.length) throw outOfBounds('offset');
  if (length < 0 || offset + length > all.length) throw outOfBounds('length');
  const [port, address] = (isSliced ? plain.slice(2) : plain) as [unknown, unknown];
  if (isConnected && port !== undefined) throw alreadyConnected();
  const isPort = Number.isInteger(Number(port)) && Number(port) > 0 && Number(port) < 65_536;
  if (!isConnected && !isPort) throw badPort(port, 0);
  // The program may use its buffer again.
  const bytes = Buffer.from(all.subarray(offset, offset + length));
  return { bytes, port: isConnected ? undefined : Number(port), address: address as string | undefined, callback };
}
