import { linkSync, lstatSync, unlinkSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import type { Link, Listener } from '../../base/seams/link.ts';
import { errnoOf } from '../errno.ts';
import { streamsLink } from './link-streams.ts';

/**
 * Listens at a path in a folder that only this user can enter. A name that exists is never replaced: it is made under a temporary name
 * and linked into place. @throws the system's error, EEXIST when the name is taken
 */
export async function listenUnix(path: string, onLink: (link: Link) => void): Promise<Listener> {
  const temporary = `${path}.${process.pid}`;
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    onLink(streamsLink('local client', socket, socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(temporary, () => resolve());
  });
  server.on('error', () => {});
  const own = lstatSync(temporary).ino;
  const close = async (): Promise<void> => {
    // The name may be another owner's by now: somebody took over.
    if (inodeOf(path) === own) removeName(path);
    for (const socket of open) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  try {
    linkSync(temporary, path);
  } catch (error) {
    await new Promise<void>((resolve) => server.close(() => resolve()));
    throw error;
  } finally {
    removeName(temporary);
  }
  server.unref();
  return { path, close };
}

/** Connects to a socket; undefined when nobody listens there. @throws the system's error for anything else */
export async function dialUnix(path: string, timeoutMs: number): Promise<Link | undefined> {
  return await new Promise((resolve, reject) => {
    const socket = connect(path);
    const timer = setTimeout(() => socket.destroy(Object.assign(new Error(`no answer at ${path}`), { code: 'ETIMEDOUT' })), timeoutMs);
    const settle = (): void => {
      clearTimeout(timer);
      socket.removeAllListeners('error');
    };
    socket.once('connect', () => {
      settle();
      resolve(streamsLink(path, socket, socket));
    });
    socket.once('error', (error) => {
      settle();
      const code = errnoOf(error);
      // Reset: it was closed before it had taken the connection.
      if (code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'ECONNRESET') resolve(undefined);
      else reject(error);
    });
  });
}

function inodeOf(path: string): number | undefined {
  return lstatSync(path, { throwIfNoEntry: false })?.ino;
}

/** Takes a name away; nothing happens when it is not there. */
export function removeName(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
}
