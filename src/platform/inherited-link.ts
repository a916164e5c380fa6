import { Socket } from 'node:net';
import type { Link } from '../base/link.ts';
import { streamsLink } from './link-streams.ts';

/** A link over a socket that this process was started with. */
export function inheritedLink(fd: number, name: string): Link {
  const socket = new Socket({ fd, readable: true, writable: true });
  return streamsLink(name, socket, socket);
}
