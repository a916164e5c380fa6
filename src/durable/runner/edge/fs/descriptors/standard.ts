// Descriptors 1 and 2 are the program's output, and what is not open at all.
import { bytesOf } from './fd-arguments.ts';

/** As Node says that a number is no open file. */
export function badDescriptor(syscall: string): Error {
  return Object.assign(new Error(`EBADF: bad file descriptor, ${syscall}`), { errno: -9, code: 'EBADF', syscall });
}

/** Writes to the program's output, in its order among what it prints otherwise. @returns how many bytes */
export function printTo(number: 1 | 2, bytes: NodeJS.ArrayBufferView): number {
  const stream = number === 1 ? process.stdout : process.stderr;
  stream.write(Uint8Array.from(bytesOf(bytes)));
  return bytes.byteLength;
}
