// `context.files`: what programs call to move files.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ResproutError } from '../../base/errors/errors.ts';
import { recorder, registerOwn } from '../../base/recorder.ts';
import { isSecret, type Secret } from '../../base/secret.ts';
import type { OwnCall, OwnCaller } from '../calls/own-calls.ts';
import * as checks from './options.ts';
import type { CopyOptions, ReadOptions, SyncOptions, WriteOptions } from './options.ts';
import type { Transfer, TransferResult } from './transfer.ts';

/** A path of this side, or a `file:` url such as `new URL('./site', import.meta.url)`. */
export type LocalPath = string | URL;

/**
 * Moves files between this side and a context. Paths of the far side begin at the working folder of its process, `~/` is the home of its user.
 * Folders go with everything below them; permission bits, times and symbolic links are kept, owners are those of the receiving user. What is there
 * already is not sent again. A file is under its name when it is whole: before that it lies beside it under another one.
 */
export interface Files {
  /**
   * Copies a file, or a folder with everything in it, to the far side. `to` is the name that it has there, its folder must be there.
   * @throws ResproutError FILE_MISSING, FILE_DENIED, FILE_KIND, FILE_FULL, FILE_CHANGED, FILE_IO, and those of calls
   */
  put(from: LocalPath, to: string, options?: CopyOptions): Promise<TransferResult>;
  /**
   * Copies a file, or a folder with everything in it, from the far side.
   * @throws ResproutError as `put`, and FILE_UNSAFE
   */
  get(from: string, to: LocalPath, options?: CopyOptions): Promise<TransferResult>;
  /**
   * Makes a folder of the far side exactly as one here (or the other way round, by `direction`): what the source does not have is removed.
   * @throws ResproutError as `put` and `get`
   */
  sync(here: LocalPath, there: string, options?: SyncOptions): Promise<TransferResult>;
  /** Reads a small file of the far side. @throws ResproutError FILE_MISSING, FILE_DENIED, FILE_KIND, FILE_TOO_LARGE, FILE_IO */
  read(path: string, options: ReadOptions & { readonly encoding: 'bytes' }): Promise<Uint8Array>;
  read(path: string, options?: ReadOptions): Promise<string>;
  /**
   * Writes a whole small file on the far side: readers there see the old one or the new one, and a crash leaves one of the two.
   * @throws ResproutError FILE_MISSING, FILE_DENIED, FILE_KIND, FILE_FULL, FILE_IO
   */
  write(path: string, data: string | Uint8Array | Secret, options?: WriteOptions): Promise<void>;
}

const READ_BYTES = 8 * 1024 * 1024;
const NEW_MODE = 0o666;
const SECRET_MODE = 0o600;

/** Makes `files` of a context. */
export function createFiles(caller: OwnCaller): Files {
  return new ContextFiles(caller);
}

class ContextFiles implements Files {
  readonly #caller: OwnCaller;

  constructor(caller: OwnCaller) {
    this.#caller = caller;
  }

  put(from: LocalPath, to: string, options: CopyOptions = {}): Promise<TransferResult> {
    checks.checkFileOptions('files.put', options, checks.COPY_CHECKS);
    return this.#transfer('put', { direction: 'put', isExact: false }, from, to, options);
  }

  get(from: string, to: LocalPath, options: CopyOptions = {}): Promise<TransferResult> {
    checks.checkFileOptions('files.get', options, checks.COPY_CHECKS);
    return this.#transfer('get', { direction: 'get', isExact: false }, to, from, options);
  }

  sync(here: LocalPath, there: string, options: SyncOptions = {}): Promise<TransferResult> {
    checks.checkFileOptions('files.sync', options, checks.SYNC_CHECKS);
    const { direction = 'put' } = options;
    return this.#transfer('sync', { direction, isExact: true }, here, there, options);
  }

  read(given: string, options: ReadOptions & { readonly encoding: 'bytes' }): Promise<Uint8Array>;
  read(given: string, options?: ReadOptions): Promise<string>;
  async read(given: string, options: ReadOptions = {}): Promise<string | Uint8Array> {
    const site = recorder()?.site();
    const place = new Error();
    checks.checkFileOptions('files.read', options, checks.READ_CHECKS);
    const { encoding, maxBytes = READ_BYTES, signal } = options;
    const bytes = await this.#call('read', [checks.checkPath('files.read', given), maxBytes], { signal, place, site });
    if (!(bytes instanceof Uint8Array)) throw new ResproutError('REMOTE_PROTOCOL', 'the far side answered a reading with no bytes');
    return encoding === 'bytes' ? bytes : new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  }

  async write(given: string, data: string | Uint8Array | Secret, options: WriteOptions = {}): Promise<void> {
    const site = recorder()?.site();
    const place = new Error();
    checks.checkFileOptions('files.write', options, checks.WRITE_CHECKS);
    const isData = typeof data === 'string' || data instanceof Uint8Array || isSecret(data);
    if (!isData) throw new ResproutError('CALL_OPTIONS_INVALID', 'what files.write is given is neither a text nor bytes nor a Secret');
    const args = [checks.checkPath('files.write', given), data, options.mode, isSecret(data) ? SECRET_MODE : NEW_MODE];
    await this.#call('write', args, { signal: options.signal, place, site });
  }

  #call(fn: string, args: readonly unknown[], how: Pick<OwnCall, 'signal' | 'place' | 'site'>): Promise<unknown> {
    return this.#caller.callOwn({ module: 'files', fn, label: `files.${fn}`, args, ...how });
  }

  async #transfer(
    fn: string,
    how: Pick<Transfer, 'direction' | 'isExact'>,
    here: LocalPath,
    there: string,
    options: SyncOptions,
  ): Promise<TransferResult> {
    const session = recorder();
    const site = session?.site();
    if (session !== undefined && options.onProgress !== undefined)
      throw new ResproutError('CALL_OPTIONS_INVALID', `"onProgress" of files.${fn} is not for a session: no replay could call it again`, {
        do: 'Leave it out, or make the transfer inside an activity()',
      });
    const given = here instanceof URL ? fileURLToPath(here) : checks.checkPath(`files.${fn}`, here);
    const order: Transfer = {
      ...how,
      here: path.resolve(given),
      there: checks.checkPath(`files.${fn}`, there),
      options,
      place: new Error(),
    };
    const { onProgress: _told, signal, ...recorded } = options;
    return this.#caller.workOwn({
      label: `files.${fn}`,
      args: [given, there, recorded],
      signal,
      site,
      // Programs that move no files do not load what moves them.
      run: async (both) => (await import('./transfer.ts')).transfer(this.#caller, order, both),
    });
  }
}

registerOwn(ContextFiles);
