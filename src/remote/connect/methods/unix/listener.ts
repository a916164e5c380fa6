// The other end of `unix`: starts what a connector asks for, with a connection as its stdin and stdout.
// Invariants:
//   L1. Only this user can connect: the socket is made where nobody else can enter, and gets mode 0600 before it gets its name.
//   L2. A command lives no longer than the connection that asked for it, nor than the listener.
import { chmodSync, linkSync, lstatSync, mkdtempSync, rmSync, unlinkSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import path from 'node:path';
import { ResproutError, toError } from '../../../../base/errors/errors.ts';
import { recorder } from '../../../../base/recorder.ts';
import type { Listener } from '../../../../base/seams/link.ts';
import { errnoOf } from '../../../../platform/errno.ts';
import { dialUnix, removeName } from '../../../../platform/links/unix-socket.ts';
import { processEnv } from '../../../../platform/process/process-life.ts';
import { startProcess, type StartedProcess } from '../../../../platform/process/spawner.ts';
import { realClock } from '../../../../platform/time/clock.ts';
import { byteSource, readablePipe } from '../../tool/byte-source.ts';
import { endTool } from '../../tool/end-tool.ts';
import { inheritedEnv } from '../../../../platform/process/inherited-env.ts';

const LINE_BYTES = 65_536;
const HELLO_MS = 5000;
const PROBE_MS = 1000;
/** Of a socket's path, with room for the folder that it is made in. */
const PATH_CHARS = 90;

/** Where `unix` may connect. Closing it ends what it started. */
export interface UnixListener extends AsyncDisposable {
  readonly path: string;
  /** Twice is fine. */
  close(): Promise<void>;
}

/** An order that waits for its second connection. */
interface Waiting {
  readonly words: readonly string[];
  readonly orders: Socket;
}

/**
 * Listens at `path` for programs of the same user that open contexts with `unix({ path })`, and starts their far processes as children of this
 * process: as its user, in its namespaces. What they ask for is run as it is: whoever can connect can do here what this process can. A socket
 * that nobody listens at any more is replaced. Keeps the process alive until it is closed.
 *
 * @throws ResproutError PACKAGE_NEEDS_BOUNDARY in a session; REMOTE_CONNECT_FAILED when the name is taken or cannot be made
 */
export async function unixListener({ path: name }: { readonly path: string }): Promise<UnixListener> {
  if (recorder() !== undefined)
    throw new ResproutError('PACKAGE_NEEDS_BOUNDARY', 'unixListener() is for plain programs: what others ask of it cannot be replayed');
  const waiting = new Map<string, Waiting>();
  const children = new Set<StartedProcess>();
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
    void firstLine(socket).then((line) => (line === undefined ? socket.destroy() : taken(line, socket)));
  });

  const taken = (line: string, socket: Socket): void => {
    const order = parseOrder(line);
    if (order !== undefined) {
      waiting.set(order.id, { words: order.words, orders: socket });
      const timer = realClock.after(HELLO_MS, () => waiting.has(order.id) && socket.destroy(), { background: true });
      socket.on('close', () => {
        timer.clear();
        waiting.delete(order.id);
      });
      socket.on('end', () => socket.destroy()).resume();
      tell(socket, { ready: true });
      return;
    }
    const known = waiting.get(line);
    waiting.delete(line);
    if (known === undefined) socket.destroy();
    else void runWords(known, socket, children);
  };

  await listenAt(server, name);
  const own = inodeOf(name);
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> =>
    (closed ??= (async () => {
      // The name may be another listener's by now.
      if (own !== undefined && inodeOf(name) === own) removeName(name);
      const ended = new Promise<void>((resolve) => server.close(() => resolve()));
      await Promise.all([...children].map((child) => endTool(child, realClock)));
      for (const socket of sockets) socket.destroy();
      await ended;
    })());
  return { path: name, close, [Symbol.asyncDispose]: close } satisfies UnixListener & Listener;
}

/** Starts the words of an order; the socket is theirs from then on. */
async function runWords({ orders, words: [file = '', ...args] }: Waiting, socket: Socket, children: Set<StartedProcess>): Promise<void> {
  const fd = descriptorOf(socket);
  try {
    if (fd === undefined) throw new Error('the connection has no descriptor');
    const child = await startProcess({ file, args, env: inheritedEnv(processEnv()), stdio: [fd, fd, 'pipe'] });
    children.add(child);
    socket.destroy();
    tell(orders, { started: child.pid });
    const stderr = byteSource(readablePipe(child.pipes[2]));
    const isRead = new Promise<void>((resolve) => stderr.onEnd(resolve));
    stderr.onData((bytes) => tell(orders, { err: Buffer.from(bytes).toString('base64') }));
    orders.once('close', () => void endTool(child, realClock));
    if (orders.destroyed) await endTool(child, realClock);
    const { code, signal } = await child.exited;
    children.delete(child);
    await Promise.race([isRead, realClock.sleep(300)]);
    orders.end(`${JSON.stringify({ exit: code ?? 1, signal })}\n`);
  } catch (error) {
    socket.destroy();
    orders.end(`${JSON.stringify({ failed: toError(error).message })}\n`);
  }
}

function descriptorOf(socket: Socket): number | undefined {
  const { _handle: handle }: { _handle?: { readonly fd?: unknown } | null } = socket as object;
  return typeof handle?.fd === 'number' && handle.fd >= 0 ? handle.fd : undefined;
}

function tell(socket: Socket, message: object): void {
  if (!socket.destroyed && socket.writable) socket.write(`${JSON.stringify(message)}\n`);
}

/** The line that a connection begins with; undefined for one that says none in time. Nothing behind it is read. */
function firstLine(socket: Socket): Promise<string | undefined> {
  return new Promise((resolve) => {
    let held = '';
    const timer = realClock.after(HELLO_MS, () => done(undefined), { background: true });
    const done = (line: string | undefined): void => {
      timer.clear();
      socket.off('data', onData).off('end', onEnd).pause();
      resolve(line);
    };
    const onEnd = (): void => done(undefined);
    const onData = (bytes: Buffer): void => {
      held += bytes.toString('utf8');
      if (held.endsWith('\n')) done(held.slice(0, -1));
      else if (held.length > LINE_BYTES) done(undefined);
    };
    socket.on('data', onData).once('end', onEnd).once('close', onEnd);
  });
}

function parseOrder(line: string): { readonly id: string; readonly words: readonly string[] } | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const { id, words }: { id?: unknown; words?: unknown } = JSON.parse(line) as object;
    const isWords = Array.isArray(words) && words.length > 0 && words.every((word) => typeof word === 'string' && !word.includes('\0'));
    return typeof id === 'string' && /^[0-9a-f]{32}$/.test(id) && isWords ? { id, words } : undefined;
  } catch {
    return undefined;
  }
}

/** Gives the server its name, with nobody but this user able to connect at any time. */
async function listenAt(server: Server, name: string): Promise<void> {
  const refuse = (why: string, cause?: Error): ResproutError =>
    new ResproutError(
      'REMOTE_CONNECT_FAILED',
      `Nothing can listen at ${name}: ${why}`,
      { tried: `listen at ${name}`, saw: why },
      { cause },
    );
  if (!path.isAbsolute(name) || name.length > PATH_CHARS || name.includes('\0'))
    throw refuse(`an absolute path of at most ${PATH_CHARS} characters is needed`);
  let folder: string | undefined;
  try {
    folder = mkdtempSync(path.join(path.dirname(name), '.u'));
    const place = path.join(folder, 's');
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(place, () => resolve());
    });
    server.on('error', () => {});
    chmodSync(place, 0o600);
    await linkOver(place, name);
    unlinkSync(place);
  } catch (error) {
    server.close();
    throw refuse(errnoOf(error) === 'EEXIST' ? 'the name is taken' : toError(error).message, toError(error));
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}

/** Links; a name at which nobody listens any more is taken. @throws the system's error, EEXIST for one that lives */
async function linkOver(place: string, name: string): Promise<void> {
  try {
    linkSync(place, name);
  } catch (error) {
    // Only a socket is anything that a listener has left.
    if (errnoOf(error) !== 'EEXIST' || !lstatSync(name).isSocket()) throw error;
    const living = await dialUnix(name, PROBE_MS);
    living?.close();
    if (living !== undefined) throw error;
    unlinkSync(name);
    linkSync(place, name);
  }
}

function inodeOf(name: string): number | undefined {
  return lstatSync(name, { throwIfNoEntry: false })?.ino;
}
