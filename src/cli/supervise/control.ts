// The socket at which a running `resprout supervise` is asked, in a folder that only its user can enter. One request and one answer, a line of
// JSON each.
import { ResproutError, toError } from '../../base/errors/errors.ts';
import { errnoOf } from '../../platform/errno.ts';
import type { Link, Listener } from '../../base/seams/link.ts';
import { dialUnix, listenUnix, removeName } from '../../platform/links/unix-socket.ts';
import { onLines, ownerFolder, ownerSocketPath, sendLine } from '../../worker/sockets.ts';

/** What can be asked. */
export type Action = 'status' | 'stop' | 'restart';

/** A request. `unit` is a path of names. */
export interface Request {
  readonly action: Action;
  readonly unit?: string | undefined;
}

type Answer = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly code: string; readonly message: string };

const DIAL_MS = 2000;
/** A stop lasts as long as the ladders of all units, one after the other. */
const ANSWER_MS = 600_000;

/** Whether a line is a request. */
function isRequest(value: unknown): value is Request {
  if (typeof value !== 'object' || value === null || !('action' in value)) return false;
  const { action, unit } = value as { readonly action: unknown; readonly unit?: unknown };
  return (action === 'status' || action === 'stop' || action === 'restart') && (unit === undefined || typeof unit === 'string');
}

/** Whoever still reads its answer when it is closed. */
const LAST_ANSWER_MS = 1000;

/**
 * Listens for one file. Its `close` lets those that ask read their answer, for a second at most.
 * @throws ResproutError SUPERVISE_INVALID when another process supervises it
 */
export async function listenFor(file: string, onRequest: (request: Request) => Promise<unknown>): Promise<Listener> {
  const path = ownerSocketPath(ownerFolder(), file);
  const asking = new Set<Promise<void>>();
  const onLink = (link: Link): void => {
    const closed = Promise.withResolvers<void>();
    link.onClose(() => closed.resolve());
    onLines(link, (line) => {
      asking.add(closed.promise);
      void closed.promise.then(() => asking.delete(closed.promise));
      const answering = isRequest(line) ? onRequest(line) : Promise.reject(new Error('that is no request'));
      answering.then(
        (value) => sendLine(link, { ok: true, value }),
        (error: unknown) => sendLine(link, { ok: false, code: codeOf(error), message: toError(error).message }),
      );
    });
  };
  const listener = await listenAt(path, file, onLink);
  const close = async (): Promise<void> => {
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(() => late.resolve(), LAST_ANSWER_MS);
    await Promise.race([Promise.all(asking), late.promise]);
    clearTimeout(timer);
    await listener.close();
  };
  return { path, close };
}

async function listenAt(path: string, file: string, onLink: (link: Link) => void): Promise<Listener> {
  for (;;)
    try {
      return await listenUnix(path, onLink);
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error;
      const link = await dialUnix(path, DIAL_MS);
      link?.close();
      if (link !== undefined)
        throw new ResproutError('SUPERVISE_INVALID', `${file} is supervised already`, {
          do: `See it with resprout supervise ${file} status, or end it with stop`,
        });
      // Whoever made it was killed.
      removeName(path);
    }
}

function codeOf(error: unknown): string {
  return error instanceof ResproutError ? error.code : 'INTERNAL';
}

/** Asks whoever supervises a file. @throws ResproutError SUPERVISE_UNREACHED, and what it answers */
export async function ask(file: string, request: Request): Promise<unknown> {
  const link = await dial(file);
  if (link === undefined) throw unreached(file, 'nobody answers at its socket');
  const answer = Promise.withResolvers<Answer>();
  const timer = setTimeout(() => answer.reject(unreached(file, `no answer within ${ANSWER_MS / 1000} s`)), ANSWER_MS);
  link.onClose((reason) => answer.reject(unreached(file, reason)));
  onLines(link, (line) => answer.resolve(line as Answer));
  sendLine(link, request);
  try {
    const said = await answer.promise;
    if (said.ok) return said.value;
    throw new ResproutError(said.code === 'SUPERVISE_INVALID' ? 'SUPERVISE_INVALID' : 'INTERNAL', said.message);
  } finally {
    clearTimeout(timer);
    link.close();
  }
}

/** One that the system started has no runtime folder of a user: it answers in the folder for that case. */
async function dial(file: string): Promise<Link | undefined> {
  const here = ownerFolder();
  const link = await dialUnix(ownerSocketPath(here, file), DIAL_MS);
  if (link !== undefined) return link;
  const other = ownerFolder('');
  return other === here ? undefined : await dialUnix(ownerSocketPath(other, file), DIAL_MS);
}

function unreached(file: string, saw: string): ResproutError {
  return new ResproutError('SUPERVISE_UNREACHED', `nobody supervises ${file}: ${saw}`, { do: `Start it with resprout supervise ${file}` });
}
