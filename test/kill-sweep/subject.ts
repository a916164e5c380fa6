// The program under the kills, as the sweep needs it: how to start it, and what must hold at the end.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface Subject {
  readonly name: string;
  /** The program's file in this copy of the package. */
  file(packageFolder: string): string;
  /** The event's data for a run in this folder. */
  data(folder: string): unknown;
  /** What must be equal in every run, taken from the folder and the returned value. */
  outcome(folder: string, value: unknown): unknown;
  /** Calls that the far functions themselves noted: one line a run of a function. */
  trace(folder: string): readonly TraceLine[];
  /** Count of effects that can be seen from outside; a replay must not raise it. */
  effects(folder: string): number;
}

export interface TraceLine {
  readonly key: string;
  readonly what: string;
  readonly context: string;
  readonly generation: number;
  readonly pid: number;
}

/** The lines that the far functions of the host report left. */
function readTrace(folder: string): TraceLine[] {
  if (!existsSync(traceFile(folder))) return [];
  return readFileSync(traceFile(folder), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as TraceLine);
}

const traceFile = (folder: string): string => path.join(folder, 'trace.jsonl');

interface HostFields {
  readonly target: string;
  readonly problem?: string;
  readonly system?: unknown;
  readonly packages?: unknown;
}

/** The host report with three local contexts; what it measures is left out of the comparison. */
export const hostReport: Subject = {
  name: 'host-report',
  file: (packageFolder) => path.join(packageFolder, 'examples', 'host-report.ts'),
  data: (folder) => ({ pause: '300ms', trace: traceFile(folder) }),
  outcome: (folder, value) => {
    const report = JSON.parse(readFileSync(path.join(folder, 'host-report.json'), 'utf8')) as { hosts: HostFields[] };
    const hosts = report.hosts.map(({ target, problem, system, packages, ...measured }) => ({
      target,
      problem,
      system,
      packages,
      has: Object.keys(measured).sort(),
    }));
    const headings = readFileSync(path.join(folder, 'host-report.md'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('#') && !line.startsWith('# '));
    return { hosts, headings, value };
  },
  trace: readTrace,
  effects: (folder) => readTrace(folder).length,
};
