// What a program prints: shown once over run and resume, and part of what a replay compares.
import type { Scope, Session } from '../../replay/session/session-api.ts';
import type { Patcher } from '../globals/patch.ts';
import { markClass } from '../puppets/mark.ts';
import { real } from '../globals/real.ts';
import { ProgramStream } from './program-stream.ts';

type Descriptor = 1 | 2;

let hasShown = false;
const written = new Set<Descriptor>();

/** Whether something was printed since this was asked. */
export function takeShown(): boolean {
  const was = hasShown;
  hasShown = false;
  return was;
}

/** What may wait for whoever reads before the program is held up, bytes. Node's own streams of a process say no at 16 KiB, and take all the same. */
const MOST_WAITING = 8 * 1024 * 1024;

/** Whether so much of what was printed waits in this process. */
export function isOutputFull(): boolean {
  // One that was never written to is not made for this.
  for (const fd of written) if (real.output(fd).writableLength > MOST_WAITING) return true;
  return false;
}

const streams = new WeakMap<Session, Map<Descriptor, ProgramStream>>();

/** Lines of a stack name places in this process, and differ between a run and its replay. */
const STACK_LINE = /\n +at [^\n]*/g;

/**
 * Prints for a program. @param scope whose code prints: what packages print while they load counts for no call
 * @returns bytes that were taken: all of them
 */
export function printTo(patcher: Patcher, scope: Exclude<Scope, { kind: 'activity' }>, fd: Descriptor, chunk: string | Uint8Array): number {
  const { session } = scope;
  const isShown = scope.kind === 'load' ? !session.replaying : session.world.print(compared(chunk));
  if (isShown) {
    hasShown = true;
    written.add(fd);
    patcher.realm.context.run(undefined, () => real.output(fd).write(chunk));
  }
  return typeof chunk === 'string' ? Buffer.byteLength(chunk) : chunk.length;
}

function compared(chunk: string | Uint8Array): string | Uint8Array {
  return typeof chunk === 'string' && chunk.includes('\n') ? chunk.replaceAll(STACK_LINE, '') : chunk;
}

function streamOf(patcher: Patcher, session: Session, fd: Descriptor): ProgramStream {
  const known = streams.get(session) ?? new Map<Descriptor, ProgramStream>();
  streams.set(session, known);
  const stream =
    known.get(fd) ??
    new ProgramStream(fd, (chunk) => {
      const scope = patcher.realm.context.current();
      printTo(patcher, scope === undefined || scope.kind === 'activity' ? { kind: 'session', session } : scope, fd, chunk);
    });
  known.set(fd, stream);
  return stream;
}

/** `process.stdout` and `process.stderr` of a program, and the console over them. */
export function patchOutput(patcher: Patcher): void {
  markClass(patcher.realm.kinds, ProgramStream);
  for (const [name, fd] of [
    ['stdout', 1],
    ['stderr', 2],
  ] as const) {
    const get = (): NodeJS.WritableStream => {
      const scope = patcher.realm.context.current();
      return scope === undefined || scope.kind === 'activity' ? real.output(fd) : streamOf(patcher, scope.session, fd);
    };
    Object.defineProperty(process, name, { configurable: true, enumerable: true, get });
    // The console looks once and keeps what it finds.
    Object.defineProperty(console, `_${name}`, { configurable: true, enumerable: false, get });
  }
}
