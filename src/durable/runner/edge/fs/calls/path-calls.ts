// Functions of paths, in three forms, from one table. A path may be an open file for some of them.
import fs from 'node:fs';
import { FS_CALLS, type FsCall } from '../../../../replay/profiles/fs-calls.ts';
import type { Session } from '../../../../replay/session/session-api.ts';
import type { Patcher } from '../../../globals/patch.ts';
import { abortable, withoutSignal } from '../aborts.ts';
import { nativeNumber } from '../descriptors/descriptor-table.ts';
import { SessionFileHandle } from '../descriptors/file-handle.ts';
import { called, realFs, realNative, realPromises, type FsFunction } from '../real-fs.ts';
import { isRefused } from '../refused.ts';
import { askBack, askNow, callbackAt, tell, type Request } from '../request.ts';
import { fileRequest, isPieces } from './whole-file.ts';

const asIs = (value: unknown): unknown => value;

interface Form {
  readonly name: string;
  readonly call: FsCall;
  readonly original: FsFunction;
}

/** Where a session is not asked: numbers of a session become those of the process. */
function outside(patcher: Patcher, { call }: Form, args: readonly unknown[]): readonly unknown[] {
  return call.takesFile === true && typeof args[0] === 'number' ? args.with(0, nativeNumber(patcher.realm.owner(), args[0])) : args;
}

function request(fn: string, form: Form, args: readonly unknown[], later: () => Promise<unknown>): Request<unknown> {
  return { fn, args, isRead: form.call.isRead, now: () => form.original(...args), later, take: asIs };
}

/** What is asked of an open file in the place of a path; undefined for paths. */
function ofFile(session: Session, fn: string, form: Form, args: readonly unknown[]): Request<unknown> | undefined {
  const [file] = args;
  return form.call.takesFile === true && typeof file === 'number' ? fileRequest(session, fn, form.name, file, args.slice(1)) : undefined;
}

function syncForm(patcher: Patcher, form: Form, fn: string): FsFunction {
  return (...args) => {
    const session = patcher.session();
    if (session === undefined) return form.original(...outside(patcher, form, args));
    if (isRefused(form.name, 'sync', args, form.call)) return form.original(...args);
    const asked = ofFile(session, fn, form, args) ?? request(fn, form, args, async () => undefined);
    return askNow(session, asked);
  };
}

function callbackForm(patcher: Patcher, form: Form, fn: string): FsFunction {
  return (...args) => {
    const session = patcher.session();
    if (session === undefined) return form.original(...outside(patcher, form, args));
    if (isRefused(form.name, 'callback', args, form.call)) return form.original(...args);
    const at = callbackAt(args);
    const callback = args[at] as FsFunction;
    const given = withoutSignal(args.slice(0, at));
    abortable(given.signal, tell(callback), (signal, end) => {
      try {
        const asked =
          ofFile(session, fn, form, given.args) ?? request(fn, form, given.args, () => called(form.original, given.with(signal)));
        askBack(session, asked, end);
      } catch (error) {
        // Not open: Node says so in a later turn.
        process.nextTick(end, error);
      }
    });
    return undefined;
  };
}

/** Data that the program makes piece by piece: a file that is open meanwhile. */
async function writePieces(path: unknown, data: unknown, options: unknown, flag: string): Promise<void> {
  const given = typeof options === 'object' && options !== null ? (options as { readonly flag?: string; readonly mode?: number }) : {};
  const file = await fs.promises.open(path as string, given.flag ?? flag, given.mode);
  try {
    await file.writeFile(data as string, options as BufferEncoding);
  } finally {
    await file.close();
  }
}

function promiseForm(patcher: Patcher, form: Form, fn: string): FsFunction {
  return (...args) => {
    const session = patcher.session();
    if (session === undefined) return form.original(...args);
    const [file, ...rest] = args;
    if (form.call.takesFile === true && file instanceof SessionFileHandle) return file.wholeFile(form.name, rest);
    if (form.call.takesFile === true && isPieces(rest[0]))
      return writePieces(file, rest[0], rest[1], form.name === 'appendFile' ? 'a' : 'w');
    const given = withoutSignal(args);
    return new Promise((resolve, reject) => {
      const done = (error: unknown, value: unknown): void => (error === null ? resolve(value) : reject(error as Error));
      abortable(given.signal, done, (signal, end) => {
        askBack(
          session,
          request(fn, form, given.args, async () => await form.original(...given.with(signal))),
          end,
        );
      });
    });
  };
}

function patch(
  patcher: Patcher,
  holder: object,
  key: string,
  original: FsFunction | undefined,
  make: (found: FsFunction) => FsFunction,
): void {
  if (original !== undefined) patcher.replace(holder, key, 'own', make(original));
}

/** Patches everything of the table, and `realpath.native`. */
export function patchPathCalls(patcher: Patcher): void {
  for (const [name, call] of Object.entries(FS_CALLS)) {
    const form = (original: FsFunction): Form => ({ name, call, original });
    const sync = `${name}Sync`;
    patch(patcher, fs, sync, realFs(sync), (original) => syncForm(patcher, form(original), `node:fs.${sync}`));
    patch(patcher, fs, name, realFs(name), (original) => callbackForm(patcher, form(original), `node:fs.${name}`));
    patch(patcher, fs.promises, name, realPromises(name), (original) => promiseForm(patcher, form(original), `node:fs/promises.${name}`));
  }
  const form = (original: FsFunction): Form => ({ name: 'realpath', call: { isRead: true, paths: 1 }, original });
  const now = realNative('realpathSync');
  const later = realNative('realpath');
  patch(patcher, fs.realpathSync, 'native', now, (original) => syncForm(patcher, form(original), 'node:fs.realpathSync.native'));
  patch(patcher, fs.realpath, 'native', later, (original) => callbackForm(patcher, form(original), 'node:fs.realpath.native'));
}
