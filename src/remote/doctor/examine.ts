// What is found of a context that is open: its machine, its clock, the way to it.
import { ResproutError } from '../../base/errors/errors.ts';
import { realClock } from '../../platform/time/clock.ts';
import { MarkerScanner, type NodeCandidate } from '../connect/start/marker.ts';
import { listingText } from '../connect/start/probe.ts';
import type { FarFacts, FolderFacts } from '../child/doctor/main.ts';
import type { OwnCaller } from '../calls/own-calls.ts';

/** What the far side says, with what was measured from here. */
export interface Examined extends Omit<FarFacts, 'listing'> {
  /** Every Node that is there, each once. */
  readonly nodes: readonly NodeCandidate[];
  /** Milliseconds of a call and its answer: the shortest and the middle of some. */
  readonly roundTripMs: { readonly least: number; readonly middle: number };
  /** Milliseconds that the clock there is ahead of the one here, give or take half of the shortest round trip. */
  readonly clockAheadMs: number;
}

const ROUNDS = 20;
const MARK = 'resprout-nodes';

/** @throws ResproutError REMOTE_* */
export async function examine(context: OwnCaller, signal: AbortSignal): Promise<Examined> {
  const call = (fn: string, ...args: readonly unknown[]): Promise<unknown> =>
    context.callOwn({ module: 'doctor', fn, label: `doctor ${fn}`, args, signal, place: new Error(), site: undefined });
  const { listing, ...facts } = parseFacts(await call('look', listingText(), MARK), context.name);
  const rounds: { readonly ms: number; readonly aheadMs: number }[] = [];
  for (let n = 0; n < ROUNDS; n++) {
    const before = realClock.wallMs();
    const startedMs = realClock.monotonicMs();
    const there = await call('now');
    const ms = realClock.monotonicMs() - startedMs;
    if (typeof there !== 'number') throw odd(context.name);
    rounds.push({ ms, aheadMs: there - (before + ms / 2) });
  }
  const sorted = rounds.toSorted((a, b) => a.ms - b.ms);
  const middle = sorted[ROUNDS / 2]?.ms ?? 0;
  return { ...facts, nodes: nodesIn(listing), roundTripMs: { least: sorted[0]?.ms ?? 0, middle }, clockAheadMs: sorted[0]?.aheadMs ?? 0 };
}

function nodesIn(listing: string): readonly NodeCandidate[] {
  const { line } = new MarkerScanner(MARK).push(Buffer.from(listing));
  if (line === undefined || line.found) return [];
  return line.candidates.filter(({ path }, at) => line.candidates.findIndex((other) => other.path === path) === at);
}

type Fields = Readonly<Record<string, unknown>>;

const MOST_CHARS = 1000;
const MOST_ITEMS = 20;
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const text = (value: unknown): string => (typeof value === 'string' ? value.slice(0, MOST_CHARS) : '');
const count = (value: unknown): number => (typeof value === 'number' && value >= 0 ? value : 0);
const items = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value.slice(0, MOST_ITEMS) : []);

/** A far side may say anything of itself. @throws ResproutError REMOTE_PROTOCOL */
function parseFacts(value: unknown, name: string): FarFacts {
  if (!isFields(value)) throw odd(name);
  const { cpus, folders, freeMemoryBytes, listing, memoryBytes, missing, shell, system, user } = value;
  const folderOf = (one: Fields): FolderFacts => ({
    path: text(one['path']),
    freeBytes: count(one['freeBytes']),
    problem: one['problem'] === undefined ? undefined : text(one['problem']),
  });
  return {
    user: text(user),
    shell: text(shell),
    system: text(system),
    cpus: count(cpus),
    memoryBytes: count(memoryBytes),
    freeMemoryBytes: count(freeMemoryBytes),
    folders: items(folders).filter(isFields).map(folderOf),
    missing: items(missing).map(text),
    listing: typeof listing === 'string' ? listing.slice(0, 65_536) : '',
  };
}

function odd(name: string): ResproutError {
  return new ResproutError('REMOTE_PROTOCOL', `${name} gave an answer that cannot be read`);
}
