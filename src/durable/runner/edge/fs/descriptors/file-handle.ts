// FileHandle of a session: Node's own class, over a descriptor of the session. What Node's class does by itself (close once, count its users,
// streams, lines, web streams) is its own; what leaves goes by requests.
import { promises } from 'node:fs';
import { devNull } from 'node:os';
import type { FileHandle } from 'node:fs/promises';
import type { FunctionKinds } from '../../../../replay/kinds/function-kinds.ts';
import type { Session } from '../../../../replay/session/session-api.ts';
import { markClass } from '../../../puppets/mark.ts';
import { abortable, withoutSignal } from '../aborts.ts';
import { descriptorRequest, isPieces } from '../calls/whole-file.ts';
import { askBack, askLater, type Request } from '../request.ts';
import type { Descriptor } from './descriptor.ts';
import { descriptorsOf } from './descriptor-table.ts';
import { bytesOf, isView, readArguments, vectorArguments, writeArguments } from './fd-arguments.ts';
import { closeRequest, plainRequest, readRequest, readvRequest, writeRequest, writevRequest } from './fd-requests.ts';
import { badDescriptor } from './standard.ts';

/** What Node's class asks of the handle that it is made with. */
interface Handle {
  readonly fd: number;
  close(): Promise<void>;
  getAsyncId(): number;
}

type HandleClass = new (
  handle: Handle,
) => Pick<FileHandle, 'fd' | 'close' | 'createReadStream' | 'createWriteStream' | 'readLines' | 'readableWebStream'>;

/** Stands where Node's class goes when it is found. */
const NodeFileHandle = class {} as unknown as HandleClass;

const MODULE = 'node:fs/promises.FileHandle';

function wrongArguments(what: string): TypeError {
  return Object.assign(new TypeError(`The arguments of FileHandle.${what} are of a wrong type or out of range`), {
    code: 'ERR_INVALID_ARG_VALUE',
  });
}

/** A FileHandle whose file is a descriptor of the session. */
export class SessionFileHandle extends NodeFileHandle {
  readonly #session: Session;
  readonly #descriptor: Descriptor;

  constructor(session: Session, descriptor: Descriptor) {
    super({
      fd: descriptor.number,
      close: async () => {
        const table = descriptorsOf(session);
        await askLater(
          session,
          closeRequest({ descriptor, fn: `${MODULE}.close` }, (number) => table.free(number)),
        );
      },
      getAsyncId: () => descriptor.number,
    });
    this.#session = session;
    this.#descriptor = descriptor;
  }

  #target(what: string, syscall: string = what): { readonly descriptor: Descriptor; readonly fn: string } {
    if (this.fd === -1 || this.#descriptor.isClosing) throw Object.assign(badDescriptor(syscall), { message: 'file closed' });
    return { descriptor: this.#descriptor, fn: `${MODULE}.${what}` };
  }

  async #ask<T>(request: Request<T>): Promise<T> {
    return await askLater(this.#session, request);
  }

  async #plain(what: string, name: string, args: readonly unknown[], isRead = false): Promise<unknown> {
    return await this.#ask(plainRequest(this.#target(what, name), name, args, isRead));
  }

  async read(...args: unknown[]): Promise<unknown> {
    const target = this.#target('read');
    const given = readArguments(args, true);
    if (given === undefined) throw wrongArguments('read');
    return { bytesRead: await this.#ask(readRequest(target, given)), buffer: given.buffer };
  }

  async readv(...args: unknown[]): Promise<unknown> {
    const target = this.#target('readv', 'read');
    const given = vectorArguments(args);
    if (given === undefined) throw wrongArguments('readv');
    return { bytesRead: await this.#ask(readvRequest(target, given.buffers, given.position)), buffers: given.buffers };
  }

  async write(...args: unknown[]): Promise<unknown> {
    const target = this.#target('write');
    const given = writeArguments(args);
    if (given === undefined) throw wrongArguments('write');
    return { bytesWritten: await this.#ask(writeRequest(target, given)), buffer: args[0] };
  }

  async writev(...args: unknown[]): Promise<unknown> {
    const target = this.#target('writev', 'write');
    const given = vectorArguments(args);
    if (given === undefined) throw wrongArguments('writev');
    return { bytesWritten: await this.#ask(writevRequest(target, given.buffers, given.position)), buffers: given.buffers };
  }

  /** readFile, writeFile and appendFile, with a signal in their options. */
  async wholeFile(name: string, args: readonly unknown[]): Promise<unknown> {
    const target = this.#target(name, name === 'readFile' ? 'read' : 'write');
    const [data] = args;
    if (name !== 'readFile' && (await this.#writePieces(data))) return undefined;
    const given = withoutSignal(args);
    return await new Promise((resolve, reject) => {
      const done = (error: unknown, value: unknown): void => (error === null ? resolve(value) : reject(error as Error));
      abortable(given.signal, done, (_signal, end) => {
        askBack(this.#session, descriptorRequest(target.descriptor, target.fn, name, given.args), end);
      });
    });
  }

  /** Data that is made piece by piece: streams, generators. @returns false when it is text or bytes */
  async #writePieces(data: unknown): Promise<boolean> {
    if (!isPieces(data)) return false;
    for await (const piece of data) await this.wholeFile('writeFile', [isView(piece) ? bytesOf(piece) : String(piece)]);
    return true;
  }

  async readFile(...args: unknown[]): Promise<unknown> {
    return await this.wholeFile('readFile', args);
  }

  async writeFile(...args: unknown[]): Promise<unknown> {
    return await this.wholeFile('writeFile', args);
  }

  async appendFile(...args: unknown[]): Promise<unknown> {
    return await this.wholeFile('appendFile', args);
  }

  async stat(...args: unknown[]): Promise<unknown> {
    return await this.#plain('stat', 'fstat', args, true);
  }

  async truncate(length: unknown = 0): Promise<unknown> {
    return await this.#plain('truncate', 'ftruncate', [length]);
  }

  async sync(): Promise<unknown> {
    return await this.#plain('sync', 'fsync', []);
  }

  async datasync(): Promise<unknown> {
    return await this.#plain('datasync', 'fdatasync', []);
  }

  async chmod(mode: unknown): Promise<unknown> {
    return await this.#plain('chmod', 'fchmod', [mode]);
  }

  async chown(uid: unknown, gid: unknown): Promise<unknown> {
    return await this.#plain('chown', 'fchown', [uid, gid]);
  }

  async utimes(atime: unknown, mtime: unknown): Promise<unknown> {
    return await this.#plain('utimes', 'futimes', [atime, mtime]);
  }
}

Object.defineProperty(SessionFileHandle, 'name', { value: 'FileHandle', configurable: true });

/** Its class is exported nowhere: it is taken from one that is opened when this file loads, and set below ours. */
async function findNodeClass(): Promise<void> {
  const probe = await promises.open(devNull);
  const found = probe.constructor as HandleClass;
  Object.setPrototypeOf(SessionFileHandle, found);
  Object.setPrototypeOf(SessionFileHandle.prototype, found.prototype as object);
  await probe.close();
}

const search = findNodeClass();
// Whoever waits for it is told.
search.catch(() => undefined);

/** Waits until file handles can be made, which is before any program runs. No top-level await: this file has to be there for `require`. */
export async function fileHandlesReady(): Promise<void> {
  await search;
}

/** Says what its methods are: they record themselves, and leave their place in the program. */
export function markFileHandle(kinds: FunctionKinds): void {
  markClass(kinds, SessionFileHandle, 'own');
}
