// A report on several machines, made by one plain program. It survives kill -9 at any moment:
//
//   resprout run examples/host-report.ts
//   resprout run examples/host-report.ts --data '{"targets":["ssh://deploy@web-1","ssh://deploy@web-2"]}'
//
// Kill it and say `resprout resume`: what was asked before is not asked again.
import { writeFile } from 'node:fs/promises';
import { connect, type Context } from 'resprout';
import { type Duration, sleep } from 'resprout/durable';
import {
  UNKNOWN,
  cpuTimes,
  diskUse,
  installedPackages,
  largestLogs,
  largestProcesses,
  listeningPorts,
  memory,
  system,
  uptimeAndLoad,
  type CpuTimes,
  type DiskUse,
  type ListeningPort,
  type Load,
  type LogFile,
  type Memory,
  type Packages,
  type ProcessUse,
  type System,
  type Tracing,
} from './host-report/facts.ts';
import { markdownOf } from './host-report/markdown.ts';

export interface Options extends Tracing {
  /** Targets as text; three local contexts by default. */
  readonly targets?: readonly string[];
  /** Time between the two CPU samples, such as `2s`. */
  readonly pause?: Duration;
}

export type HostReport =
  | { readonly target: string; readonly problem: string }
  | {
      readonly target: string;
      readonly system: System;
      readonly load: Load;
      readonly memory: Memory;
      readonly cpuUse: number | typeof UNKNOWN;
      readonly processes: ProcessUse[] | typeof UNKNOWN;
      readonly disks: DiskUse[] | typeof UNKNOWN;
      readonly ports: ListeningPort[] | typeof UNKNOWN;
      readonly packages: Packages | typeof UNKNOWN;
      readonly logs: LogFile[] | typeof UNKNOWN;
    };

export interface Report {
  readonly madeAt: string;
  readonly hosts: readonly HostReport[];
}

function useBetween(first: CpuTimes | typeof UNKNOWN, second: CpuTimes | typeof UNKNOWN): number | typeof UNKNOWN {
  if (first === UNKNOWN || second === UNKNOWN) return UNKNOWN;
  const ticks = second.totalTicks - first.totalTicks;
  return ticks <= 0 ? UNKNOWN : (second.busyTicks - first.busyTicks) / ticks;
}

async function reportOn(target: string, pause: Duration, tracing: Tracing): Promise<HostReport> {
  let host: Context;
  try {
    host = await connect(target);
  } catch (error) {
    return { target, problem: error instanceof Error ? error.message : String(error) };
  }
  const [facts, load, use, before, processes, disks, ports, packages, logs] = await Promise.all([
    host.call(system, tracing),
    host.call(uptimeAndLoad, tracing),
    host.call(memory, tracing),
    host.call(cpuTimes, tracing),
    host.call(largestProcesses, tracing),
    host.call(diskUse, tracing),
    host.call(listeningPorts, tracing),
    host.call(installedPackages, tracing),
    host.call(largestLogs, tracing),
  ]);
  await sleep(pause);
  const after = await host.call(cpuTimes, tracing);
  return { target, system: facts, load, memory: use, cpuUse: useBetween(before, after), processes, disks, ports, packages, logs };
}

export default async function hostReport(event: { readonly data?: Options | undefined }): Promise<{ hosts: number; files: string[] }> {
  const { targets = ['local:alpha', 'local:beta', 'local:gamma'], pause = '2s', trace } = event.data ?? {};
  const hosts = await Promise.all(targets.map((target) => reportOn(target, pause, { trace })));
  const report: Report = { madeAt: new Date().toISOString(), hosts };
  await writeFile('host-report.json', `${JSON.stringify(report, null, 2)}\n`);
  await writeFile('host-report.md', markdownOf(report));
  return { hosts: hosts.length, files: ['host-report.md', 'host-report.json'] };
}
