// A program under plain Node, as its author would run it.
import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { UNCAUGHT_MARK, type PlainReport } from '../inside/plain-report.ts';
import { environment } from './environment.ts';
import { folderPicture } from '../verdicts/folder-picture.ts';
import type { Inside } from './inside.ts';
import { killIn } from './leftovers.ts';
import { ownText, type Picture } from '../verdicts/picture.ts';
import type { Program } from '../tables/program.ts';
import type { Workplace } from './workplace.ts';

export interface PlainRun {
  readonly picture: Picture;
  readonly tookMs: number;
}

function start(program: Program, place: Workplace, inside: Inside): ChildProcess {
  const file = program.form === 'main' ? [inside.plainMain, place.file] : [place.file];
  const child = spawn(process.execPath, ['--require', inside.preload, ...file, ...program.argv], {
    cwd: place.folder,
    env: environment(),
    detached: true,
    stdio: [program.stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe', 'pipe'],
  });
  // A program that does not read to the end closes the pipe: that is its right.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(program.stdin);
  return child;
}

/** Everything that the process wrote and how it ended; undefined when it had to be ended. */
async function endOf(
  child: ChildProcess,
  folder: string,
  limitMs: number,
): Promise<{ code: number | null; signal: string | null } | undefined> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), limitMs);
  try {
    return await new Promise((resolve) => {
      child.on('exit', (code, signal) => resolve({ code, signal }));
      limit.signal.addEventListener('abort', () => resolve(undefined));
    });
  } finally {
    clearTimeout(timer);
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    killIn(folder);
  }
}

function reportsOf(lines: string): PlainReport[] {
  return lines
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as PlainReport);
}

/** @returns undefined when the program does not end within `limitMs` */
export async function runPlain(program: Program, place: Workplace, inside: Inside, limitMs: number): Promise<PlainRun | undefined> {
  place.empty();
  const startedMs = performance.now();
  const child = start(program, place, inside);
  const streams = [child.stdout, child.stderr, child.stdio[3]] as readonly Readable[];
  const texts = Promise.all(streams.map((stream) => text(stream)));
  const end = await endOf(child, place.folder, limitMs);
  const tookMs = performance.now() - startedMs;
  const [stdout = '', stderr = '', lines = ''] = await texts;
  if (end === undefined) return undefined;
  const reports = reportsOf(lines);
  const [own = ''] = stderr.split(UNCAUGHT_MARK);
  // A listener of the program may have taken earlier ones.
  const uncaught = stderr.includes(UNCAUGHT_MARK) ? reports.findLast(({ kind }) => kind === 'uncaught') : undefined;
  const failed = reports.find(({ kind }) => kind === 'failed') ?? uncaught;
  const value = reports.find(({ kind }) => kind === 'value');
  return {
    tookMs,
    picture: {
      exitCode: end.code,
      signal: end.signal ?? undefined,
      value: value?.kind === 'value' && value.text !== 'undefined' ? value.text : undefined,
      failure: failed !== undefined && failed.kind !== 'value' ? failed.failure : undefined,
      stdout: ownText(stdout, place.folder, program.blur),
      stderr: ownText(own, place.folder, program.blur),
      files: folderPicture(place.folder, program.volatile),
    },
  };
}
