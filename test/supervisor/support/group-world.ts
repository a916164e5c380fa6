// The core of a group against a world of chance: replicas that become ready, fall and hang on as they like, calls that come, are answered and
// given up, changes in between, and a clock that is moved by hand. What must hold is written down once more, from what was seen.
import assert from 'node:assert/strict';
import { ManualClock } from '../../../src/testing/manual-clock.ts';
import type { Rules } from '../../../src/supervisor/restarts/rules.ts';
import { GroupCore, type GroupAction } from '../../../src/supervisor/groups/group-core.ts';
import type { GroupRules } from '../../../src/supervisor/groups/group-rules.ts';
import { INNER } from '../../../src/supervisor/groups/member.ts';

const STEPS = 60;
const BACK_OFF = { firstMs: 100, factor: 2, mostMs: 1000, jitter: 0, resetMs: 2000 };

/** Numbers from 0 to 1 that are the same for the same seed. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface Seen {
  readonly id: number;
  readonly rank: number;
  readonly version: number;
  phase: 'none' | 'starting' | 'ready' | 'stopping';
  life: number;
  wasReady: boolean;
  readyAtMs: number;
  notBeforeMs: number;
  isActive: boolean;
  isOutdated: boolean;
  /** Calls it was sent and has not answered; whether somebody waits. */
  readonly calls: Map<number, boolean>;
}

interface SeenChange {
  readonly kind: 'scale' | 'update';
  readonly count: number;
  readonly version: number;
  readonly firstId: number;
  isTakenBack: boolean;
}

/** One history. Throws where something does not hold. */
export class GroupWorld {
  readonly #random: () => number;
  readonly #clock = new ManualClock(0);
  readonly #core: GroupCore;
  readonly #members = new Map<number, Seen>();
  readonly #waiting: number[] = [];
  readonly #settled = new Map<number, string>();
  readonly #restartsMs: number[] = [];
  readonly #options;
  #wanted: number;
  #version = 0;
  #change: SeenChange | undefined;
  #nextId = 0;
  #nextCall = 0;
  #lastSent = -1;
  #hasStarted = false;
  #isEnding = false;
  #isClosed = false;
  #end: string | undefined;

  constructor(seed: number, rules: Rules & GroupRules) {
    this.#random = chance(seed);
    const upTo = (most: number): number => this.#upTo(most);
    const unavailable = upTo(2);
    this.#options = {
      replicas: 1 + upTo(4),
      hasHead: upTo(4) === 0,
      hasTail: upTo(4) === 0,
      unavailable,
      surge: unavailable === 0 ? 1 + upTo(2) : upTo(3),
      minReadyMs: upTo(2) * 500,
      startsAtOnce: 1 + upTo(3),
      concurrency: 1 + upTo(3),
      queue: upTo(4),
      dispatch: upTo(2) === 0 ? ('round-robin' as const) : ('least-loaded' as const),
      budget: { restarts: upTo(6), withinMs: 1000 + upTo(5000) },
      backOff: BACK_OFF,
      fraction: () => 0,
    };
    this.#wanted = this.#options.replicas;
    this.#core = new GroupCore(this.#options, rules);
  }

  live(): void {
    this.#take(this.#core.start(this.#nowMs));
    for (let step = 0; step < STEPS && this.#end === undefined; step++) {
      this.#step();
      this.#check();
    }
    if (this.#end === undefined && !this.#isEnding) this.#calm();
    this.#close();
    for (let step = 0; step < 100 && this.#end === undefined; step++) {
      const one = [...this.#members.values()].find(({ phase }) => phase === 'stopping');
      assert.ok(one !== undefined, 'nothing is stopped, and it is not over');
      this.#ended(one, false);
    }
    assert.ok(this.#end !== undefined, 'it never ended');
    for (let call = 0; call < this.#nextCall; call++) assert.ok(this.#settled.has(call), 'a call is not settled');
    this.#submit();
    assert.equal(this.#settled.get(this.#nextCall - 1), 'closed', 'a call is taken after the end');
  }

  /** Members at first. */
  get #all(): number {
    const { hasHead, hasTail, replicas } = this.#options;
    return replicas + Number(hasHead) + Number(hasTail);
  }

  get #nowMs(): number {
    return this.#clock.monotonicMs();
  }

  #upTo(most: number): number {
    return Math.floor(this.#random() * most);
  }

  #inner(): readonly Seen[] {
    return [...this.#members.values()].filter(({ rank }) => rank === INNER);
  }

  #isOld({ isOutdated, version }: Seen): boolean {
    return isOutdated || version !== this.#version;
  }

  #step(): void {
    const dice = this.#random();
    const all = [...this.#members.values()];
    const one = all[this.#upTo(all.length)];
    if (dice < 0.01) this.#close();
    else if (dice < 0.2) this.#clock.advance(this.#upTo(800));
    else if (dice < 0.35) this.#submit();
    else if (dice < 0.5) this.#answerOne();
    else if (dice < 0.53) this.#drop();
    else if (dice < 0.57) this.#changeIt();
    else if (dice < 0.6 && one !== undefined) this.#operate(one);
    else if (one?.phase === 'starting') this.#startedOrFell(one);
    else if (one?.phase === 'stopping') this.#ended(one, this.#random() < 0.1);
    else if (one?.phase === 'ready' && dice > 0.97) this.#ended(one, true);
  }

  #startedOrFell(one: Seen): void {
    if (this.#random() < 0.85) this.#ready(one);
    else this.#ended(one, true);
  }

  /** From here on all goes well: what is under way comes to its end. */
  #calm(): void {
    for (let step = 0; step < 400; step++) {
      const open = [...this.#members.values()].find(({ phase }) => phase === 'starting' || phase === 'stopping');
      if (open?.phase === 'starting') this.#ready(open);
      else if (open?.phase === 'stopping') this.#ended(open, false);
      else if (this.#clock.waitingCount > 0) this.#clock.advance(this.#clock.nextInMs ?? 0);
      else break;
      this.#check();
    }
    while (this.#answerOne());
    assert.equal(this.#change, undefined, 'a change never ends');
    const inner = this.#inner();
    assert.ok(inner.length === this.#wanted && inner.every((one) => one.phase === 'ready' && !this.#isOld(one)), 'it never settles');
    const takes = inner.some(({ isActive }) => isActive);
    assert.ok(!takes || this.#waiting.length === 0, 'a call waits for ever');
  }

  #operate(one: Seen): void {
    if (one.rank !== INNER) return;
    if (this.#random() < 0.3 && this.#hasStarted) {
      one.isOutdated = true;
      this.#take(this.#core.outdate(one.id, this.#nowMs));
    } else {
      one.isActive = !one.isActive;
      this.#take(this.#core.activate(one.id, one.isActive));
    }
  }

  #changeIt(): void {
    if (this.#change !== undefined) {
      if (this.#random() > 0.3 || this.#isEnding) return;
      this.#undo(this.#change);
      this.#take(this.#core.takeBack(this.#nowMs));
      return;
    }
    const isSettled = this.#hasStarted && !this.#isEnding;
    assert.equal(this.#core.isSettled, isSettled, 'whether it may change');
    if (!isSettled) return;
    const kind = this.#random() < 0.5 ? 'scale' : 'update';
    this.#change = { kind, count: this.#wanted, version: this.#version, firstId: this.#nextId, isTakenBack: false };
    if (kind === 'scale') this.#wanted = 1 + this.#upTo(5);
    else this.#version = this.#nextCall + 1000;
    this.#take(kind === 'scale' ? this.#core.scale(this.#wanted, this.#nowMs) : this.#core.update(this.#version, this.#nowMs));
  }

  #undo(change: SeenChange): void {
    change.isTakenBack = true;
    this.#wanted = change.count;
    this.#version = change.version;
  }

  #submit(): void {
    const call = this.#nextCall++;
    this.#waiting.push(call);
    this.#take(this.#core.submit(call));
  }

  #answerOne(): boolean {
    const busy = [...this.#members.values()].filter(({ calls }) => calls.size > 0);
    const one = busy[this.#upTo(busy.length)];
    if (one === undefined) return false;
    const [[call, isAwaited] = [0, false]] = one.calls;
    one.calls.delete(call);
    const { actions, isAwaited: heard } = this.#core.answer(call, one.id);
    assert.equal(heard, isAwaited, 'whether somebody waits for an answer');
    if (isAwaited) this.#settle(call, 'answered');
    this.#take(actions);
    return true;
  }

  #drop(): void {
    const call = this.#upTo(this.#nextCall);
    if (this.#nextCall === 0 || this.#settled.has(call)) return;
    this.#settle(call, 'dropped');
    const at = this.#waiting.indexOf(call);
    if (at >= 0) this.#waiting.splice(at, 1);
    const one = [...this.#members.values()].find(({ calls }) => calls.has(call));
    one?.calls.set(call, false);
    const actions = this.#core.drop(call);
    assert.deepEqual(actions, one === undefined ? [] : [{ kind: 'abort', call, member: one.id }], 'who is told that a call was given up');
  }

  #settle(call: number, how: string): void {
    assert.ok(!this.#settled.has(call), 'a call is settled twice');
    this.#settled.set(call, how);
  }

  #ready(one: Seen): void {
    Object.assign(one, { phase: 'ready', readyAtMs: this.#nowMs, wasReady: true });
    this.#take(this.#core.onReady(one.id, one.life, this.#nowMs));
  }

  #ended(one: Seen, hasFailed: boolean): void {
    const { calls, id, life, phase, readyAtMs, wasReady } = one;
    Object.assign(one, { phase: 'none' });
    const lost = [...calls].flatMap(([call, isAwaited]) => (isAwaited ? call : []));
    calls.clear();
    const ending = { hasFailed, isRecycled: false, isLeaked: false, exitCode: null };
    const nowMs = this.#nowMs;
    const expected = this.#expect(one, phase, wasReady, hasFailed);
    const actions = this.#core.onEnded(id, life, ending, nowMs);
    const refused = actions.flatMap((action) => (action.kind === 'refuse' && action.why === 'lost' ? action.call : []));
    assert.deepEqual(refused, lost, 'whose calls are lost');
    const restart = actions.find((action) => action.kind === 'restart');
    assert.equal(restart !== undefined, expected === 'restart', `a ${phase} member ended: ${expected} was expected`);
    if (restart !== undefined) one.notBeforeMs = nowMs + restart.delayMs;
    if (restart !== undefined) this.#restartsMs.push(nowMs);
    if (expected === 'gone' && !this.#isEnding) this.#members.delete(id);
    if (phase === 'ready' && readyAtMs < 0) assert.fail('it was never ready');
    this.#take(actions);
  }

  /** What the contract says of this end. */
  #expect(one: Seen, before: Seen['phase'], wasReady: boolean, hasFailed: boolean): 'gone' | 'restart' | 'end' {
    if (before === 'stopping' || this.#isEnding) return 'gone';
    const change = this.#change;
    if (!this.#hasStarted && !wasReady && hasFailed) {
      this.#isEnding = true;
      return 'end';
    }
    if (change !== undefined && !change.isTakenBack && one.id >= change.firstId && !(change.kind === 'scale' && wasReady)) {
      this.#undo(change);
      return 'gone';
    }
    if (one.rank === INNER && this.#isOld(one)) return 'gone';
    const { restarts, withinMs } = this.#options.budget;
    if (this.#restartsMs.filter((atMs) => this.#nowMs - atMs < withinMs).length < restarts) return 'restart';
    this.#isEnding = true;
    return 'end';
  }

  #close(): void {
    if (this.#isClosed || this.#end !== undefined) return;
    this.#isClosed = true;
    this.#isEnding = true;
    this.#take(this.#core.close(this.#nowMs));
  }

  #take(actions: readonly GroupAction[]): void {
    if (!this.#isEnding)
      this.#hasStarted ||= this.#members.size === this.#all && [...this.#members.values()].every(({ wasReady }) => wasReady);
    for (const action of actions) this.#act(action);
    for (const action of actions)
      if (action.kind === 'wake')
        this.#clock.after(action.atMs - this.#nowMs, () => this.#end === undefined && this.#take(this.#core.onWake(this.#nowMs)));
  }

  #act(action: GroupAction): void {
    assert.ok(this.#end === undefined || action.kind === 'refuse', 'something follows the end');
    switch (action.kind) {
      case 'start':
        return this.#onStart(action);
      case 'stop':
        return this.#onStop(this.#members.get(action.member) as Seen);
      case 'send':
        return this.#onSend(action.call, this.#members.get(action.member) as Seen);
      case 'refuse': {
        const at = this.#waiting.indexOf(action.call);
        if (action.why === 'full') assert.equal(this.#waiting.length - 1, this.#options.queue, 'a call is refused, and there is room');
        if (action.why === 'closed') assert.ok(this.#isEnding, 'it is not closed');
        if (at >= 0) this.#waiting.splice(at, 1);
        return this.#settle(action.call, action.why);
      }
      case 'changed':
        return this.#onChanged(action.what);
      case 'gone': {
        const one = this.#members.get(action.member);
        assert.ok(one === undefined || one.phase === 'none', 'it is gone, and lives');
        this.#members.delete(action.member);
        return;
      }
      case 'end':
        assert.ok(
          [...this.#members.values()].every(({ phase }) => phase === 'none'),
          'it is over, and somebody lives',
        );
        this.#end = action.how;
        return;
      case 'abort':
        return assert.fail('an abort that nobody asked for');
      case 'wake':
      case 'restart':
    }
  }

  #onStart({ life, member, rank, version }: Extract<GroupAction, { kind: 'start' }>): void {
    assert.ok(!this.#isEnding, 'something is started at the end');
    let one = this.#members.get(member);
    if (one === undefined) {
      assert.equal(life, 1);
      assert.ok(member >= this.#nextId, 'a number is used twice');
      this.#nextId = member + 1;
      one = {
        id: member,
        rank,
        version,
        phase: 'none',
        life: 0,
        wasReady: false,
        readyAtMs: -1,
        notBeforeMs: 0,
        isActive: true,
        isOutdated: false,
        calls: new Map(),
      };
      this.#members.set(member, one);
      assert.equal(version, this.#version, 'it has the wrong arguments');
      const { surge } = this.#options;
      assert.ok(rank !== INNER || this.#inner().length <= this.#wanted + (this.#hasStarted ? surge : 0), 'too many replicas');
    }
    assert.equal(one.phase, 'none', 'a member has two lives at once');
    assert.equal(life, one.life + 1);
    assert.equal(version, one.version);
    assert.ok(this.#nowMs >= one.notBeforeMs, 'a restart comes before its pause is over');
    const before = [...this.#members.values()].filter((other) => other.rank < rank);
    if (!this.#hasStarted) assert.ok(!before.some(({ phase }) => phase !== 'ready'), 'it is started before the rank above it is ready');
    Object.assign(one, { phase: 'starting', life });
  }

  #onStop(one: Seen): void {
    assert.ok(one.phase === 'starting' || one.phase === 'ready', 'what does not run is stopped');
    if (this.#isEnding) {
      const before = [...this.#members.values()].filter(({ phase, rank }) => rank < one.rank && phase !== 'none');
      assert.equal(before.length, 0, 'it is ended before one upstream');
    } else {
      assert.equal(one.rank, INNER, 'head or tail is ended in a change');
      this.#mayEnd(one);
    }
    one.phase = 'stopping';
  }

  /** Whether it may be ended, by the floor and the gate. */
  #mayEnd(one: Seen): void {
    const { unavailable } = this.#options;
    const isGated = this.#change === undefined || (this.#change.kind === 'update' && !this.#change.isTakenBack);
    const minReadyMs = isGated ? this.#options.minReadyMs : 0;
    const inner = this.#inner();
    const staying = inner.filter(({ phase }) => phase !== 'stopping');
    const fresh = staying.filter((other) => !this.#isOld(other));
    assert.ok(this.#isOld(one) || fresh.length > this.#wanted, 'one is ended that is wanted');
    if (one.phase !== 'ready') return;
    const isGood = (other: Seen): boolean => other.phase === 'ready' && (this.#isOld(other) || this.#nowMs - other.readyAtMs >= minReadyMs);
    assert.ok(staying.filter(isGood).length - 1 >= this.#wanted - unavailable, 'too few are ready when one is ended');
    if (this.#isOld(one))
      assert.ok(!staying.some((other) => this.#isOld(other) && other.phase === 'starting'), 'a ready one is ended first');
  }

  #onSend(call: number, one: Seen): void {
    const takes = ({ isActive, phase, rank }: Seen): boolean => phase === 'ready' && isActive && rank === INNER;
    const { concurrency, dispatch } = this.#options;
    assert.ok(takes(one), 'a call is sent to one that takes none');
    assert.ok(one.calls.size < concurrency, 'a call is sent to one without room');
    assert.equal(this.#waiting.shift(), call, 'a call overtakes another one');
    const free = this.#inner().filter((other) => takes(other) && other.calls.size < concurrency);
    if (dispatch === 'least-loaded') assert.ok(!free.some(({ calls }) => calls.size < one.calls.size), 'another one has less to do');
    else assert.ok(one.id !== this.#lastSent || free.length === 1, 'it is not the turn of this one');
    this.#lastSent = one.id;
    one.calls.set(call, true);
  }

  #onChanged(what: string): void {
    const change = this.#change;
    assert.ok(change !== undefined, 'a change is over that nobody asked for');
    const ends = change.kind === 'scale' ? ['scaled', 'not-scaled'] : ['updated', 'rolled-back'];
    assert.equal(what, ends[change.isTakenBack ? 1 : 0]);
    const inner = this.#inner();
    assert.equal(inner.length, this.#wanted, 'another number than wanted');
    assert.ok(
      inner.every((one) => one.phase === 'ready' && !this.#isOld(one)),
      'not all are what was wanted',
    );
    this.#change = undefined;
  }

  /** What could be done is done. */
  #check(): void {
    if (this.#end !== undefined) return;
    const { concurrency } = this.#options;
    const takes = this.#inner().some(({ calls, isActive, phase }) => phase === 'ready' && isActive && calls.size < concurrency);
    assert.ok(!takes || this.#waiting.length === 0, 'a call waits, and one has room');
    assert.ok(this.#waiting.length <= this.#options.queue, 'too many wait');
    assert.equal(this.#core.hasStarted, this.#hasStarted, 'whether all of it has started');
  }
}
