// open, read, write, close and their kin, in the sync and the callback form: over descriptors of the session.
import fs from 'node:fs';
import type { Session } from '../../../../replay/session/session-api.ts';
import { FD_CALLS } from '../../../../replay/profiles/fs-calls.ts';
import type { Patcher } from '../../../globals/patch.ts';
import { realFs, type FsFunction } from '../real-fs.ts';
import { isDescriptor } from '../refused.ts';
import { askBack, askNow, callbackAt, tell, type Request } from '../request.ts';
import { Descriptor } from './descriptor.ts';
import { descriptorsOf, nativeNumber } from './descriptor-table.ts';
import { readArguments, vectorArguments, writeArguments, type WriteArguments } from './fd-arguments.ts';
import { closeRequest, plainRequest, readRequest, readvRequest, writeRequest, writevRequest } from './fd-requests.ts';
import { NativeFile } from './native-file.ts';
import { openRequest } from './open-request.ts';
import { badDescriptor, printTo } from './standard.ts';

/** What a call comes to. */
interface Call {
  /** What is asked; absent when nothing has to be. */
  readonly request?: Request<unknown>;
  /** What it gives without being asked. */
  readonly value?: unknown;
  /** What callbacks get besides, such as the buffer. */
  readonly extra?: unknown;
}

/** Undefined: Node refuses it. @throws EBADF */
type Build = (session: Session, fn: string, args: readonly unknown[]) => Call | undefined;

const STANDARD = ['/dev/stdin', '/dev/stdout', '/dev/stderr'];

/** The open file of a number. @throws EBADF */
export function fileOf(session: Session, number: number, syscall: string): Descriptor {
  const found = descriptorsOf(session).get(number);
  if (found !== undefined) return found;
  const path = STANDARD[number];
  if (path === undefined) throw badDescriptor(syscall);
  return new Descriptor({ number, path, flags: 0, size: undefined, native: new NativeFile(number) });
}

const isOutput = (number: number): number is 1 | 2 => number === 1 || number === 2;

function writing(session: Session, fn: string, number: number, given: WriteArguments, extra: unknown): Call {
  if (isOutput(number)) return { value: printTo(number, given.bytes), extra };
  return { request: writeRequest({ descriptor: fileOf(session, number, 'write'), fn }, given), extra };
}

const BUILD: Readonly<Record<string, Build>> = {
  read(session, fn, [number, ...args]) {
    const given = readArguments(args, !fn.endsWith('Sync'));
    if (given === undefined || !isDescriptor(number)) return undefined;
    return { request: readRequest({ descriptor: fileOf(session, number, 'read'), fn }, given), extra: given.buffer };
  },
  readv(session, fn, [number, ...args]) {
    const given = vectorArguments(args);
    if (given === undefined || !isDescriptor(number)) return undefined;
    const target = { descriptor: fileOf(session, number, 'read'), fn };
    return { request: readvRequest(target, given.buffers, given.position), extra: given.buffers };
  },
  write(session, fn, [number, ...args]) {
    const given = writeArguments(args);
    return given === undefined || !isDescriptor(number) ? undefined : writing(session, fn, number, given, args[0]);
  },
  writev(session, fn, [number, ...args]) {
    const given = vectorArguments(args);
    if (given === undefined || !isDescriptor(number)) return undefined;
    const { buffers, position } = given;
    if (isOutput(number)) return { value: buffers.reduce((sum, one) => sum + printTo(number, one), 0), extra: buffers };
    return { request: writevRequest({ descriptor: fileOf(session, number, 'write'), fn }, buffers, position), extra: buffers };
  },
  close(session, fn, [number]) {
    if (!isDescriptor(number)) return undefined;
    // The program's standard streams are the process's: they stay open for whoever else writes to them.
    if (STANDARD[number] !== undefined) return {};
    const table = descriptorsOf(session);
    return { request: closeRequest({ descriptor: fileOf(session, number, 'close'), fn }, (free) => table.free(free)) };
  },
  open(session, fn, args) {
    const request = openRequest(session, fn, args);
    return request && { request: { ...request, take: (value) => request.take(value).number } };
  },
};

function plain(name: string, isRead: boolean): Build {
  return (session, fn, [number, ...args]) =>
    isDescriptor(number) ? { request: plainRequest({ descriptor: fileOf(session, number, name), fn }, name, args, isRead) } : undefined;
}

/** An error that nobody takes ends the program. */
const unheard = (error: unknown): void => {
  if (error !== null && error !== undefined) throw error as Error;
};

function answer({ extra }: Call, callback: FsFunction): (error: unknown, value?: unknown) => void {
  if (extra === undefined) return tell(callback);
  return (error, value) => void callback(error, error === null ? value : 0, extra);
}

function patchOne(patcher: Patcher, name: string, build: Build): void {
  const now = realFs(`${name}Sync`);
  const later = realFs(name);
  if (now === undefined || later === undefined) return;
  const outside = (args: readonly unknown[]): readonly unknown[] => args.with(0, nativeNumber(patcher.realm.owner(), args[0]));
  patcher.replace(fs, `${name}Sync`, 'own', (...args: unknown[]): unknown => {
    const session = patcher.session();
    if (session === undefined) return now(...(args.length > 0 ? outside(args) : args));
    const call = build(session, `node:fs.${name}Sync`, args);
    if (call === undefined) return now(...args);
    return call.request === undefined ? call.value : askNow(session, call.request);
  });
  patcher.replace(fs, name, 'own', (...args: unknown[]): void => {
    const session = patcher.session();
    if (session === undefined) return void later(...(args.length > 0 ? outside(args) : args));
    const at = callbackAt(args);
    const callback = at < 0 && name === 'close' ? unheard : (args[at] as FsFunction | undefined);
    if (callback === undefined) return void later(...args);
    let call: Call | undefined;
    try {
      call = build(session, `node:fs.${name}`, at < 0 ? args : args.slice(0, at));
    } catch (error) {
      return process.nextTick(callback, error);
    }
    if (call === undefined) return void later(...args);
    const told = answer(call, callback);
    if (call.request === undefined) process.nextTick(told, null, call.value);
    else askBack(session, call.request, told);
    return undefined;
  });
}

/** Patches the functions of descriptors. */
export function patchDescriptors(patcher: Patcher): void {
  for (const [name, build] of Object.entries(BUILD)) patchOne(patcher, name, build);
  for (const [name, { isRead }] of Object.entries(FD_CALLS)) patchOne(patcher, name, plain(name, isRead));
}
