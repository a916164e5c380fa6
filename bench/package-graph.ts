// What does it cost to load a real package graph in a fresh context? The packages are those of graph/package.json.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { inTurn, type Bench } from './support/bench.ts';
import { numberOf, printed, runToEnd } from './support/processes.ts';
import { runAlone } from './support/run-alone.ts';

const GRAPH = path.join(import.meta.dirname, 'graph');
const PROGRAMS = path.join(import.meta.dirname, 'programs');
const PACKAGES = 'fastify, zod, undici, @aws-sdk/client-s3';
const SLICES = 9;
const INSTALL = 'npm ci --ignore-scripts --no-audit --no-fund';

/** Installs what the lockfile of the graph says. Needs the network, once. @returns why it is not there */
function missingPackages(): string | undefined {
  if (existsSync(path.join(GRAPH, 'node_modules/.package-lock.json'))) return undefined;
  console.error(`bench/graph: its packages are missing, installing them: ${INSTALL}`);
  const install = spawnSync(INSTALL, { cwd: GRAPH, shell: true, stdio: ['ignore', 'ignore', 'inherit'] });
  return install.status === 0 ? undefined : `the packages cannot be installed: cd bench/graph && ${INSTALL}`;
}

export const bench: Bench = {
  name: 'package-graph',
  question: `What does it cost to load ${PACKAGES} in a fresh context?`,
  async run() {
    const problem = missingPackages();
    if (problem !== undefined) return [{ figure: 'the graph in a fresh context', skipped: problem }];
    const next: number[] = [];
    const taken = await inTurn(SLICES, {
      first: async () => {
        const text = await printed(process.execPath, [path.join(PROGRAMS, 'graph-controller.ts')]);
        next.push(numberOf(text, 'nextMs'));
        return numberOf(text, 'firstMs');
      },
      disk: () => runToEnd(process.execPath, [path.join(PROGRAMS, 'graph-plain.ts')]),
    });
    const peer = { unit: 'ms', peer: 'import from the local disk in a fresh process', theirs: taken.disk } as const;
    return [
      { figure: 'open and first call, first context of a process', ours: taken.first, ...peer },
      { figure: 'the same in a further context', ours: next.slice(-SLICES), ...peer },
    ];
  },
};

if (import.meta.main) await runAlone(bench);
