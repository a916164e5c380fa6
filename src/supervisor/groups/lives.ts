// The members of a running group as lives: names, arguments, places, ends.
import { ResproutError } from '../../base/errors/errors.ts';
import type { Clock } from '../../base/seams/clock.ts';
import type { UnitEnd } from '../contract/failure.ts';
import type { LifeState } from '../contract/states.ts';
import type { Runtime } from '../contract/runtime.ts';
import type { Life } from '../life/life.ts';
import type { Ending } from '../restarts/rules.ts';
import type { Group, Unit } from '../supervisor/declared.ts';
import type { Told } from '../supervisor/event-stream.ts';
import type { UnitSnapshot } from '../supervisor/events.ts';
import { unitLife } from '../supervisor/unit-child.ts';
import type { Answer, RuntimeAddress, UnitCall } from '../unit/messages.ts';
import type { GroupCore } from './group-core.ts';
import { HEAD, INNER } from './member.ts';

/** Members that are gone and still known. */
const MOST_GONE = 100;

interface Living {
  readonly name: string;
  readonly rank: number;
  /** Of the replicas, from 0 in the order in which they were made. */
  readonly place: number;
  life: Life | undefined;
  lives: number;
  state: LifeState;
  readySinceMs: number | undefined;
  lastEnd: UnitEnd | undefined;
}

/** Who hears of a life. */
export interface LivesListener {
  onReady(): void;
  onEnding(): void;
  onOld(): void;
  onEnded(ending: Ending): void;
}

/** What lives are made with. */
export interface LivesParts {
  readonly addressOf: (runtime: Runtime) => RuntimeAddress;
  readonly clock: Clock;
  readonly tell: (event: Told) => void;
}

/** The lives of one group. */
export class Lives {
  readonly leaks: ResproutError[] = [];
  readonly #group: Group;
  readonly #parts: LivesParts;
  readonly #living = new Map<number, Living>();
  /** Names and last ends of those that are gone, while somebody may ask for them. */
  readonly #gone = new Map<number, Living>();
  readonly #versions: unknown[];
  #made = 0;

  constructor(group: Group, parts: LivesParts) {
    this.#group = group;
    this.#parts = parts;
    this.#versions = [group.unit.args];
  }

  /** Keeps other arguments. @returns their number */
  addVersion(args: unknown): number {
    return this.#versions.push(args) - 1;
  }

  nameOf(member: number): string {
    return (this.#living.get(member) ?? this.#gone.get(member))?.name ?? this.#group.name;
  }

  /** The end that a member came to. */
  fallOf(member: number): UnitEnd | undefined {
    return (this.#living.get(member) ?? this.#gone.get(member))?.lastEnd;
  }

  /** @throws ResproutError SUPERVISE_INVALID */
  idOf(name: string): number {
    const replicas = [...this.#living].filter(([, { rank }]) => rank === INNER);
    const found = replicas.find(([, one]) => one.name === name);
    if (found !== undefined) return found[0];
    throw new ResproutError('SUPERVISE_INVALID', `${this.#group.name} has no replica ${JSON.stringify(name)}`, {
      saw: `replicas: ${replicas.map(([, one]) => one.name).join(', ')}`,
    });
  }

  // oxlint-disable-next-line max-params -- what the core says, and who hears of it
  start(member: number, life: number, rank: number, version: number, listener: LivesListener): void {
    const living = this.#living.get(member) ?? this.#make(member, rank);
    const { clock, tell } = this.#parts;
    const unit = this.#unitOf(living, version);
    const { name } = living;
    const made = unitLife(unit, {
      runtime: this.#parts.addressOf(unit.runtime),
      clock,
      life,
      onOld: rank === INNER ? listener.onOld : undefined,
      onState: (state) => {
        living.state = state;
        if (state === 'ready') living.readySinceMs = clock.wallMs();
        if (state === 'stopping') listener.onEnding();
        if (state === 'ended') living.readySinceMs = undefined;
        tell({ kind: 'state', unit: name, life, state });
      },
    });
    Object.assign(living, { life: made, lives: life });
    made.ready.then(listener.onReady, () => {});
    void made.over.then((end) => {
      living.lastEnd = end;
      if (end.how === 'leaked' && end.failure !== undefined) this.leaks.push(end.failure.error);
      tell({ kind: 'ended', unit: name, life, end });
      const { exitCode, failure, how, isRecycled } = end;
      listener.onEnded({ hasFailed: failure !== undefined || how === 'killed', isRecycled, isLeaked: how === 'leaked', exitCode });
    });
    made.begin();
  }

  stop(member: number): void {
    void this.#living.get(member)?.life?.stop();
  }

  /** Calls a method of a member, as `Spawned` does. @throws ResproutError UNIT_LOST, REMOTE_VALUE_UNSENDABLE */
  call(member: number, call: UnitCall, signal: AbortSignal | undefined): Promise<Answer> {
    const life = this.#living.get(member)?.life;
    if (life === undefined) throw new ResproutError('UNIT_LOST', `${this.nameOf(member)} is gone`);
    return life.call(call, signal);
  }

  /** It has had its last life. */
  forget(member: number): void {
    const living = this.#living.get(member);
    if (living === undefined) return;
    this.#living.delete(member);
    this.#gone.set(member, living);
    // A change names the one that fell, and calls that were lost theirs: never one of long ago.
    const [first] = this.#gone.keys();
    if (this.#gone.size > MOST_GONE && first !== undefined) this.#gone.delete(first);
  }

  snapshot(core: Pick<GroupCore, 'isActive' | 'loadOf'>): readonly UnitSnapshot[] {
    return [...this.#living]
      .toSorted(([a, one], [b, other]) => one.rank - other.rank || a - b)
      .map(([member, { lastEnd, life, lives, name, rank, readySinceMs, state }]) => ({
        unit: name,
        state,
        lives,
        pid: life?.pid,
        readySinceMs,
        lastEnd,
        units: [],
        ...(rank === INNER ? { calls: core.loadOf(member), isActive: core.isActive(member) } : {}),
      }));
  }

  #make(member: number, rank: number): Living {
    const place = rank === INNER ? this.#made++ : 0;
    const name = `${this.#group.name}-${rank === INNER ? place : rank === HEAD ? 'head' : 'tail'}`;
    const living: Living = { name, rank, place, life: undefined, lives: 0, state: 'created', readySinceMs: undefined, lastEnd: undefined };
    this.#living.set(member, living);
    return living;
  }

  #unitOf({ name, place, rank }: Living, version: number): Unit {
    const { head, places, tail, unit } = this.#group;
    const edge = rank === HEAD ? head : tail;
    if (rank !== INNER && edge !== undefined) return { ...edge, name };
    return { ...unit, name, args: this.#versions[version], options: { ...unit.options, in: places[place % places.length] } };
  }
}
