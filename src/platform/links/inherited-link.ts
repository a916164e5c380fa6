import { Socket } from 'node:net';
import type { Link } from '../../base/seams/link.ts';
import { streamsLink } from './link-streams.ts';

/** A link that says when everything has left it. */
export interface InheritedLink extends Link {
  /** Resolves when all that was sent is in the hands of the system, or can never be. */
  flush(): Promise<void>;
}

/** A link over a socket that this process was started with. */
export function inheritedLink(fd: number, name: string): InheritedLink {
  const socket = new Socket({ fd, readable: true, writable: true });
  return { ...streamsLink(name, socket, socket), flush: () => new Promise((resolve) => socket.write('', () => resolve())) };
}
