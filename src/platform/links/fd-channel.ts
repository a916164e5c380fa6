import { readSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';

// Captured at load, before user code could replace them.
const read = readSync;
const write = writeSync;

/** Reads a socket that this process was started with. Never writes to it. */
export interface ReadChannel {
  /** The channel alone does not keep the process alive from here on. */
  unref(): void;
}

/** Handlers of a channel. */
export interface ReadHandlers {
  onData(bytes: Uint8Array): void;
  /** The other side is gone. */
  onEnd(): void;
}

/** Opens an inherited descriptor for reading. It becomes non-blocking, and so does every copy of it. */
export function openReadChannel(fd: number, handlers: ReadHandlers): ReadChannel {
  const socket = new Socket({ fd, readable: true, writable: false });
  socket.on('data', (bytes: Uint8Array) => handlers.onData(bytes));
  socket.on('error', () => {});
  socket.on('close', () => handlers.onEnd());
  return { unref: () => socket.unref() };
}

/** Writes all bytes to a blocking descriptor: returns when the other side or the system has them. @throws the system's error */
export function writeAll(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += write(fd, bytes, at);
}

/** Fills `into` from a blocking descriptor. False when the other side is gone. @throws the system's error */
export function readFull(fd: number, into: Uint8Array): boolean {
  for (let at = 0; at < into.length;) {
    const count = read(fd, into, at, into.length - at, null);
    if (count === 0) return false;
    at += count;
  }
  return true;
}
