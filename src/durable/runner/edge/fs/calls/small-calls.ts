// Calls with a form of their own: `exists` has no error, `open` of node:fs/promises gives a handle, temporary folders that remove themselves,
// files as Blobs.
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Session } from '../../../../replay/session/session-api.ts';
import type { Patcher } from '../../../globals/patch.ts';
import { SessionFileHandle } from '../descriptors/file-handle.ts';
import { openRequest } from '../descriptors/open-request.ts';
import { real, realFs, realPromises, type FsFunction } from '../real-fs.ts';
import { isPath } from '../refused.ts';
import { askBack, askLater, askNow, type Request } from '../request.ts';

function exists(fn: string, given: unknown): Request<boolean> {
  const now = (): boolean => real.existsSync(given as string);
  return { fn, args: [given], isRead: true, now, later: async () => await Promise.resolve(now()), take: (value) => value === true };
}

function patchExists(patcher: Patcher): void {
  patcher.replace(fs, 'existsSync', 'own', (given: unknown): boolean => {
    const session = patcher.session();
    return session === undefined || !isPath(given)
      ? real.existsSync(given as string)
      : askNow(session, exists('node:fs.existsSync', given));
  });
  const patched = (given: unknown, callback: unknown): void => {
    const session = patcher.session();
    const original = realFs('exists');
    if (session === undefined || !isPath(given) || typeof callback !== 'function') return void original?.(given, callback);
    askBack(session, exists('node:fs.exists', given), (_error, value) => void (callback as FsFunction)(value === true));
    return undefined;
  };
  const promised = async (given: unknown): Promise<boolean> =>
    await new Promise((resolve) => {
      Reflect.apply(fs.exists, fs, [given, resolve]);
    });
  Object.defineProperty(patched, promisify.custom, { value: promised, configurable: true });
  patcher.realm.kinds.mark(promised, 'language');
  patcher.replace(fs, 'exists', 'own', patched);
}

function patchOpen(patcher: Patcher): void {
  const original = realPromises('open');
  patcher.replace(fs.promises, 'open', 'own', async (...args: unknown[]): Promise<unknown> => {
    const session = patcher.session();
    const request = session && openRequest(session, 'node:fs/promises.open', args);
    if (session === undefined || request === undefined) return await original?.(...args);
    return await askLater(session, { ...request, take: (value) => new SessionFileHandle(session, request.take(value)) });
  });
}

const removal = { recursive: true, force: true } as const;

function patchTemporary(patcher: Patcher): void {
  const now = realFs('mkdtempDisposableSync');
  if (now !== undefined)
    patcher.replace(fs, 'mkdtempDisposableSync', 'own', (...args: unknown[]): unknown => {
      const session = patcher.session();
      if (session === undefined) return now(...args);
      const made = fs.mkdtempSync(args[0] as string, args[1] as BufferEncoding);
      const whole = path.resolve(session.folder, made);
      const remove = (): void => fs.rmSync(whole, removal);
      return owned(patcher, { path: made, remove, [Symbol.dispose]: () => remove() });
    });
  const later = realPromises('mkdtempDisposable');
  if (later !== undefined)
    patcher.replace(fs.promises, 'mkdtempDisposable', 'own', async (...args: unknown[]): Promise<unknown> => {
      const session = patcher.session();
      if (session === undefined) return await later(...args);
      const made = await fs.promises.mkdtemp(args[0] as string, args[1] as BufferEncoding);
      const whole = path.resolve(session.folder, made);
      const remove = async (): Promise<void> => await fs.promises.rm(whole, removal);
      const given = { path: made, remove, [Symbol.asyncDispose]: async () => await remove() };
      return owned(patcher, Object.setPrototypeOf(given, null) as object);
    });
}

/** Its functions are ours: called, not recorded. */
function owned<T extends object>(patcher: Patcher, value: T): T {
  for (const key of Reflect.ownKeys(value)) {
    const fn: unknown = Reflect.get(value, key);
    if (typeof fn === 'function') patcher.realm.kinds.mark(fn, 'own');
  }
  return value;
}

interface BlobOptions {
  readonly type?: string;
}

function blob(session: Session, given: unknown, options: BlobOptions | undefined): Request<Blob> {
  return {
    fn: 'node:fs.openAsBlob',
    args: [given, options?.type],
    isRead: true,
    now: () => undefined,
    later: async () => {
      // Says why it is no file, in its words. Its bytes are read otherwise: Blobs of files keep theirs open.
      await real.openAsBlob(given as string, options);
      return await real.promises.readFile(given as string);
    },
    take: (value) => new Blob([value as Uint8Array<ArrayBuffer>], { type: options?.type ?? '' }),
  };
}

function patchBlob(patcher: Patcher): void {
  if (realFs('openAsBlob') === undefined) return;
  patcher.replace(fs, 'openAsBlob', 'own', async (given: unknown, options?: BlobOptions): Promise<Blob> => {
    const session = patcher.session();
    return session === undefined ? await real.openAsBlob(given as string, options) : await askLater(session, blob(session, given, options));
  });
}

/** Patches them. */
export function patchSmallCalls(patcher: Patcher): void {
  patchExists(patcher);
  patchOpen(patcher);
  patchTemporary(patcher);
  patchBlob(patcher);
}
