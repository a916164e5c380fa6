import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Session } from '../../../../replay/session/session-api.ts';
import { called, real, type FsFunction } from '../real-fs.ts';
import { isPath } from '../refused.ts';
import type { Request } from '../request.ts';
import type { Descriptor } from './descriptor.ts';
import { descriptorsOf } from './descriptor-table.ts';
import { NativeFile } from './native-file.ts';
import { flagsNumber, isAppending, isForWriting } from './open-flags.ts';

/** Where a path leads from the session's folder, whatever that is later. */
function absolute(session: Session, given: unknown): string | Buffer {
  if (typeof given === 'string') return path.resolve(session.folder, given);
  if (given instanceof URL) return fileURLToPath(given);
  return Buffer.isBuffer(given) ? Buffer.from(given) : Buffer.from(given as Uint8Array);
}

/** The size that a file has before the first append; nothing else of it has to be known. */
function sizeBefore(fd: number, flags: number): number | undefined {
  if (!isAppending(flags)) return undefined;
  const found = real.fstatSync(fd);
  return found.isFile() ? found.size : undefined;
}

/** @param args path, flags and mode @returns undefined for what Node refuses */
export function openRequest(session: Session, fn: string, args: readonly unknown[]): Request<Descriptor> | undefined {
  const [given, wanted, mode] = args;
  const flags = flagsNumber(wanted);
  const isMode = mode === undefined || mode === null || typeof mode === 'number' || (typeof mode === 'string' && /^[0-7]+$/.test(mode));
  if (flags === undefined || !isPath(given) || !isMode) return undefined;
  const table = descriptorsOf(session);
  const file = absolute(session, given);
  let native: NativeFile | undefined;
  const opened = (fd: number): number | undefined => {
    native = new NativeFile(fd);
    return sizeBefore(fd, flags);
  };
  return {
    fn,
    args,
    isRead: !isForWriting(flags),
    now: () => opened(real.openSync(given as string, flags, mode as number | undefined)),
    later: async () => opened(Number(await called(real.open as FsFunction, [given, flags, mode]))),
    take: (value) => table.add({ path: file, flags, size: typeof value === 'number' ? value : undefined, native }),
  };
}
