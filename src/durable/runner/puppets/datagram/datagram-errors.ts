// Errors of datagram sockets that Node makes before anything leaves.
import { received } from '../../globals/received.ts';

function error(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

export const notRunning = (): Error => error('ERR_SOCKET_DGRAM_NOT_RUNNING', 'Not running');
export const alreadyBound = (): Error => error('ERR_SOCKET_ALREADY_BOUND', 'Socket is already bound');
export const alreadyConnected = (): Error => error('ERR_SOCKET_DGRAM_IS_CONNECTED', 'Already connected');
export const notConnected = (): Error => error('ERR_SOCKET_DGRAM_NOT_CONNECTED', 'Not connected');

/** A system call on a socket that has no address yet. */
export const badDescriptor = (syscall: string): Error => Object.assign(error('EBADF', `${syscall} EBADF`), { errno: -9, syscall });

/** A value that the system refuses. */
const badValue = (syscall: string): Error => Object.assign(error('EINVAL', `${syscall} EINVAL`), { errno: -22, syscall });

/** What is wrong with a time to live; undefined when nothing is. @param low the least that is right */
export function badTimeToLive(syscall: string, ttl: unknown, low: 0 | 1): Error | undefined {
  if (typeof ttl === 'number') return ttl >= low && ttl <= 255 ? undefined : badValue(syscall);
  return Object.assign(new TypeError(`The "ttl" argument must be of type number. Received ${received(ttl)}`), {
    code: 'ERR_INVALID_ARG_TYPE',
  });
}

/** @param low ports from here on are right; 0 itself is not for a port to send to */
export const badPort = (port: unknown, low: 0 | -1): Error =>
  Object.assign(new RangeError(`Port should be ${low === 0 ? '>' : '>='} 0 and < 65536. Received ${received(port)}.`), {
    code: 'ERR_SOCKET_BAD_PORT',
  });

export const badMessage = (message: unknown): Error =>
  Object.assign(
    new TypeError(
      `The "buffer" argument must be of type string or an instance of Buffer, TypedArray, or DataView. Received ${received(message)}`,
    ),
    {
      code: 'ERR_INVALID_ARG_TYPE',
    },
  );

export const outOfBounds = (name: 'offset' | 'length'): Error =>
  Object.assign(new RangeError(`"${name}" is outside of buffer bounds`), { code: 'ERR_BUFFER_OUT_OF_BOUNDS' });
