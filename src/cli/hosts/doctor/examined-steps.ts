import type { ContextFacts } from '../../../index.ts';
import { FAR_NODE_FLOOR, isNewEnough, parseNodeVersion } from '../../../remote/connect/start/node-version.ts';
import type { Examined } from '../../../remote/doctor/examine.ts';
import type { Step } from './step.ts';

/** Clocks that differ by more than this confuse certificates, caches and whoever compares logs. */
const CLOCK_MS = 2000;
/** Less is soon full. */
const FREE_BYTES = 64 * 1024 * 1024;

const ms = (value: number): string => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
const gib = (bytes: number): string =>
  bytes >= 1024 ** 3 ? `${(bytes / 1024 ** 3).toFixed(1)} GiB` : `${Math.round(bytes / 1024 ** 2)} MiB`;

/** What an open context shows. */
export function examinedSteps(found: Examined, facts: ContextFacts, of: string): readonly Step[] {
  const { clockAheadMs, cpus, freeMemoryBytes, memoryBytes, missing, nodes, roundTripMs, shell, system, user } = found;
  const step = (name: string, state: Step['state'], saw: string, cure?: string): Step => ({ of, name, state, saw, do: cure });
  const others = nodes.filter(({ path }) => path !== facts.execPath).map(nodeText);
  const apartMs = Math.abs(clockAheadMs);
  const isApart = apartMs > CLOCK_MS + roundTripMs.least;
  const way = clockAheadMs < 0 ? 'behind' : 'ahead';
  return [
    step('system', 'ok', `${system}, ${cpus} CPUs, ${gib(freeMemoryBytes)} of ${gib(memoryBytes)} free`),
    step('user', 'ok', `${user}, uid ${facts.uid}${shell === '' ? '' : `, shell ${shell}`}, in ${facts.cwd}`),
    step('Node', 'ok', `${facts.execPath} ${facts.node}`),
    ...(others.length === 0 ? [] : [step('other Nodes', 'ok', others.join(', '))]),
    missing.length === 0
      ? step('features', 'ok', 'all that is wanted of its Node is there')
      : step(
          'features',
          'warning',
          `its Node was built without ${missing.join(', ')}`,
          'Install a Node of nodejs.org, or name one with ?node=PATH',
        ),
    step('round trip', 'ok', `${ms(roundTripMs.middle)}, ${ms(roundTripMs.least)} at best`),
    isApart
      ? step('clock', 'warning', `${(apartMs / 1000).toFixed(1)} s ${way} of this one`, 'Set one of the two clocks, best by NTP')
      : step('clock', 'ok', `as this one, give or take ${ms(Math.max(roundTripMs.least / 2, apartMs))}`),
    ...found.folders.map(({ freeBytes, path, problem }) => {
      if (problem !== undefined)
        return step(
          'disk',
          'warning',
          `${path} cannot be written (${problem})`,
          'Nothing of resprout needs a disk there; your functions may',
        );
      if (freeBytes < FREE_BYTES) return step('disk', 'warning', `${path} has ${gib(freeBytes)} free`, 'Make room there');
      return step('disk', 'ok', `${path} can be written, ${gib(freeBytes)} free`);
    }),
  ];
}

function nodeText({ isBroken, path, version }: Examined['nodes'][number]): string {
  if (isBroken) return `${path} does not run`;
  const known = version === undefined ? undefined : parseNodeVersion(version);
  if (known === undefined) return `${path} is older by its name`;
  return isNewEnough(known) ? `${path} v${known}` : `${path} v${known}, older than ${FAR_NODE_FLOOR}`;
}
