// What the program holds that has a half outside: child processes, sockets, servers, watchers. The program's half is an instance of Node's own
// class; it is fed by events of the journal, in record and replay alike, and what the program does to it leaves here.
// 1. Objects are numbered in the order in which the program meets them, so a replay numbers them the same.
// 2. An effect leaves after the commit that holds it, and after every earlier one. A synchronous call of the program waits for them.
// 3. A replay makes no half outside. When history is used up, `wake` says to each object that has none: make it, or say that it is lost.
// 4. Listeners wake first: whoever connects to one of them finds it. Calls that are not in the history start after them.
// 5. Nothing of an object that is over reaches the program.
import { ResproutError } from '../../../base/errors/errors.ts';
import type { Site } from '../../../base/site.ts';
import { hashArgs } from '../../journal/hashes/hash-args.ts';
import { effectName } from '../time/cursor.ts';
import type { SessionParts } from '../session/session-parts.ts';
import type { ConversationOptions, LocalHalf, ObjectWays } from './local-half.ts';

interface Entry {
  readonly number: number;
  readonly half: LocalHalf;
  /** Runs in the async context in which the program met the object. */
  readonly enter: <R>(run: () => R) => R;
  readonly shown: string;
  readonly isPart: boolean;
  readonly site: Site;
  /** Whether the half outside may be used: made by this process, or woken. */
  isAwake: boolean;
  /** Effects that wait for it. */
  readonly waiting: (() => void)[];
  /** Data that arrived and is not in the journal yet: one event in the end. */
  pending: PendingData | undefined;
  isRef: boolean;
  /** The issue that opened it; absent for parts of others and what came to a server. */
  openedBy: number | undefined;
}

/** An object as messages name it. */
export interface Shown {
  readonly shown: string;
  readonly site: Site;
}

/** A name with the place that it is of. */
export const namedAt = (name: string, { line, file }: Site): string => (line > 0 ? `${name} at ${file}:${String(line)}` : name);

/** What went with a process that was killed, and when the program was told. */
export interface Loss extends Shown {
  readonly atMs: number;
}

interface PendingData {
  readonly name: string;
  readonly chunks: Uint8Array[];
  bytes: number;
}

function joined({ chunks, bytes }: PendingData): Uint8Array {
  const [first] = chunks;
  if (chunks.length === 1 && first !== undefined) return first;
  const all = new Uint8Array(bytes);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

/** Chunks of one source that arrive before a commit are joined up to here. */
const JOINED_BYTES = 256 * 1024;

/** The objects of one session. */
export class Objects implements ObjectWays {
  readonly #parts: SessionParts;
  readonly #entries = new Map<number, Entry>();
  /** Effects that are appended and have not left, in order. */
  readonly #leaving: { readonly entry: Entry; readonly act: () => void }[] = [];
  readonly #lost: Loss[] = [];
  readonly #whenAwake: (() => void)[] = [];
  readonly #whenLive: (() => void)[] = [];
  #isLive = false;
  #numbered = 0;
  #isAwake: boolean;
  /** Whether listeners of an earlier process listen again. */
  #isOpened: boolean;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#isAwake = !parts.cursor.replaying;
    this.#isOpened = this.#isAwake;
  }

  /** Whether an object that the program may still hear of keeps the program alive. */
  get isHeld(): boolean {
    for (const { isRef } of this.#entries.values()) if (isRef) return true;
    return false;
  }

  /** What the program left open, for lists: `child process sort`. Parts of others and what is closing are not named. */
  list(): readonly Shown[] {
    return [...this.#entries.values()]
      .filter(({ isRef, isPart, half }) => isRef && !isPart && half.isClosing !== true)
      .map(({ shown, site }) => ({ shown, site }));
  }

  /** What the program was told is lost: it went with a process that was killed. */
  get lost(): readonly Loss[] {
    return this.#lost;
  }

  /** Numbers an object. */
  add({ half, shown, site, isPart = false }: Pick<ConversationOptions, 'half' | 'shown' | 'isPart'> & { readonly site: Site }): number {
    const number = ++this.#numbered;
    const enter = this.#parts.options.realm.context.snapshot();
    this.#entries.set(number, {
      number,
      half,
      enter: (run) => enter(() => this.#parts.enter(run)),
      shown,
      isPart,
      site,
      isAwake: this.#isAwake,
      waiting: [],
      pending: undefined,
      isRef: true,
      openedBy: undefined,
    });
    return number;
  }

  setRef(number: number, isRef: boolean): void {
    const entry = this.#entries.get(number);
    if (entry !== undefined) entry.isRef = isRef;
  }

  /** The object is over: it is not woken, and nothing of it is delivered any more. */
  drop(number: number): void {
    // Of a session that is over nothing leaves any more, so that `close` has to end its half outside.
    if (!this.#parts.gone) this.#entries.delete(number);
  }

  /**
   * Records that an object is opened. @param open makes the half outside: after the commit, or never when the history has it (`wake` decides)
   * @returns whether it is new: `open` will run @throws ResproutError JOURNAL_DIVERGED
   */
  open(number: number, fn: string, args: readonly unknown[], site: Site, open: () => void): boolean {
    const { recorded, append } = this.#issueOpen(number, fn, args, site);
    if (recorded !== undefined) return false;
    append(undefined);
    this.#leave(number, open);
    return true;
  }

  /**
   * As `open`, and what the program can read of it at once is part of the record. Waits for everything earlier, then makes the half outside
   * where it stands. @returns the facts, decoded
   */
  openNow(number: number, fn: string, args: readonly unknown[], site: Site, open: () => unknown): unknown {
    const parts = this.#parts;
    if (parts.gone)
      throw new ResproutError('SESSION_ENDED', `${fn} was called after the session had ended, and was not made`, {
        tried: fn,
        do: 'Await everything the program starts before it returns',
      });
    const { recorded, append } = this.#issueOpen(number, fn, args, site);
    if (recorded !== undefined) return recorded.facts === undefined ? undefined : parts.results.read(recorded.facts);
    this.barrier();
    const entry = this.#entries.get(number);
    if (entry !== undefined) entry.isAwake = true;
    const facts = parts.results.data(`what is known of ${fn}`, this.outside(open));
    append(facts);
    return parts.results.read(facts);
  }

  #issueOpen(
    number: number,
    fn: string,
    args: readonly unknown[],
    site: Site,
  ): {
    readonly recorded: { readonly facts?: Uint8Array | undefined } | undefined;
    readonly append: (facts: Uint8Array | undefined) => void;
  } {
    const parts = this.#parts;
    const argsHash = hashArgs(args, { kinds: parts.options.realm.nodeKinds, secretHash: parts.options.secretHash });
    const { id, recorded, stamp } = parts.issue({ t: 'open', fn, site, argsHash });
    const entry = this.#entries.get(number);
    if (entry !== undefined) entry.openedBy = id;
    const { clock } = parts.options;
    if (recorded?.t === 'open') parts.now.observe(recorded.atMs);
    return {
      recorded: recorded?.t === 'open' ? recorded : undefined,
      append: (facts) => {
        const atMs = clock.wallMs();
        const event = { t: 'open', id, ...stamp, object: number, fn, site, argsHash, atMs } as const;
        parts.writer.append(facts === undefined ? event : { ...event, facts });
        if (facts !== undefined) parts.now.observe(atMs);
      },
    };
  }

  /**
   * The program does something to an object. @param size bytes that it carries @param act does it to the half outside, after the commit
   * @returns whether it is new: `act` will run @throws ResproutError JOURNAL_DIVERGED
   */
  effect(number: number, name: string, size: number, act: () => void): boolean {
    const parts = this.#parts;
    if (parts.gone) return false;
    const fn = effectName({ name, object: number });
    const { id, recorded, stamp } = parts.issue({
      t: 'effect',
      fn,
      site: { id: '', file: '', line: 0, column: 0 },
      argsHash: String(size),
    });
    if (recorded !== undefined) return false;
    parts.writer.append({ t: 'effect', id, ...stamp, object: number, name, size, atMs: parts.options.clock.wallMs() });
    this.#leave(number, act);
    return true;
  }

  #leave(number: number, act: () => void): void {
    const entry = this.#entries.get(number);
    if (entry === undefined) return;
    const effect = { entry, act };
    this.#leaving.push(effect);
    this.#parts.writer.whenDurable(() => {
      // A barrier of the program may have let it go already, and everything before it.
      if (this.#leaving.includes(effect)) while (this.#leaving.length > 0) if (this.#letGo() === effect) return;
    });
  }

  #letGo(): { readonly entry: Entry; readonly act: () => void } | undefined {
    const effect = this.#leaving.shift();
    // After the end of the program too: what it did before that, it did.
    if (effect === undefined) return undefined;
    const run = (): void => this.outside(effect.act);
    // What is over is not woken any more; a server has left the file of its socket.
    const isLeft = effect.entry.half.isListener === true && !this.#entries.has(effect.entry.number);
    if (effect.entry.isAwake || isLeft) run();
    else effect.entry.waiting.push(run);
    return effect;
  }

  /** Before a synchronous effect: everything earlier is on disk, and every earlier effect has left. */
  barrier(): void {
    this.#parts.writer.barrier();
    while (this.#leaving.length > 0) this.#letGo();
  }

  /** Before a synchronous read: the file of a socket comes and goes with its server, while the program stands. */
  beforeRead(): void {
    if (this.#leaving.some(({ entry }) => entry.half.isListener === true)) this.barrier();
  }

  /** Runs `run` outside of the session. */
  outside<T>(run: () => T): T {
    return this.#parts.outsideObject(run);
  }

  /** Something happened to the half outside. Delivered after its commit, in its turn. */
  arrive(number: number, name: string, value: unknown): void {
    const entry = this.#entries.get(number);
    if (entry === undefined || this.#parts.gone) return;
    entry.pending = undefined;
    const bytes = this.#parts.results.anything(`${name} of ${entry.shown}`, value);
    this.#arriveBytes(entry, name, () => bytes);
  }

  /** As `arrive` for bytes: what comes before the commit is joined. @returns bytes of this source that are not in the journal yet */
  arriveData(number: number, name: string, chunk: Uint8Array): number {
    const entry = this.#entries.get(number);
    if (entry === undefined || this.#parts.gone) return 0;
    const { pending } = entry;
    if (pending !== undefined && pending.name === name && pending.bytes + chunk.length <= JOINED_BYTES) {
      pending.chunks.push(chunk);
      pending.bytes += chunk.length;
      return pending.bytes;
    }
    const made: PendingData = { name, chunks: [chunk], bytes: chunk.length };
    entry.pending = made;
    this.#arriveBytes(entry, name, () => {
      if (entry.pending === made) entry.pending = undefined;
      return this.#parts.results.data(`data of ${entry.shown}`, this.#parts.options.realm.nodeKinds.bufferFrom(joined(made)));
    });
    return made.bytes;
  }

  #arriveBytes(entry: Entry, name: string, value: () => Uint8Array): void {
    const { number } = entry;
    this.#parts.pump.arrive({
      make: (atMs) => (this.#entries.has(number) ? { t: 'event', object: number, name, atMs, value: value() } : undefined),
    });
  }

  /** A delivery. @returns false when there is no such object: the history belongs to another program */
  deliver(number: number, name: string, value: Uint8Array): boolean {
    if (number < 1 || number > this.#numbered) return false;
    const entry = this.#entries.get(number);
    if (entry === undefined) return true;
    const read = this.#parts.results.read(value);
    if (entry.openedBy !== undefined) this.#parts.blame.noteIn(read, entry.openedBy);
    if (name === 'lost') this.#tellLost(entry);
    entry.enter(() => entry.half.take(name, read));
    return true;
  }

  /** Whoever watches is told too: the program may not say what it met, or wait for what does not come. */
  #tellLost({ shown, site }: Shown): void {
    this.#lost.push({ shown, site, atMs: this.#parts.now.observedMs });
    if (this.#isAwake)
      this.#parts.warn(`lost: ${namedAt(shown, site)} went with the process that had opened it, and the program is told so`);
  }

  /** Runs `run` once everything appended so far is on disk, outside of the session; never when the session is closed before. */
  whenDurable(run: () => void): void {
    this.#parts.writer.whenDurable(() => this.outside(run));
  }

  /** Runs `run` outside of the session before the program does anything new, at once when it has. */
  whenLive(run: () => void): void {
    if (this.#isLive) this.outside(run);
    else this.#whenLive.push(run);
  }

  /** Whether the program has done something that was not in its history. */
  get isLive(): boolean {
    return this.#isLive;
  }

  /** The program is about to do that. */
  goLive(): void {
    this.#isLive = true;
    for (const run of this.#whenLive.splice(0)) this.outside(run);
  }

  /** History is used up. */
  wake(): void {
    if (this.#isAwake) return;
    this.#isAwake = true;
    const asleep = [...this.#entries.values()].filter((entry) => !entry.isAwake);
    const opening = asleep.filter(({ half }) => half.isListener === true).flatMap((entry) => this.#wake(entry) ?? []);
    const others = asleep.filter(({ half }) => half.isListener !== true);
    const opened = (): void => {
      for (const entry of others) if (!this.#parts.gone) void this.#wake(entry);
      this.#isOpened = true;
      for (const run of this.#whenAwake.splice(0)) run();
    };
    if (opening.length === 0) opened();
    else void Promise.allSettled(opening).then(opened);
  }

  /** Runs `run` once what the program listens with is there again, at once when it is. */
  whenAwake(run: () => void): void {
    if (this.#isOpened) run();
    else this.#whenAwake.push(run);
  }

  #wake(entry: Entry): Promise<void> | undefined {
    if (!this.#entries.has(entry.number) || entry.isAwake) return undefined;
    entry.isAwake = true;
    const opened = this.outside(() => entry.half.wake());
    for (const run of entry.waiting.splice(0)) run();
    return opened;
  }

  /** The session is over: every half outside goes. */
  close(): void {
    // Of those that are over too, when the effect that ends them has not left.
    const all = new Set([...this.#entries.values(), ...this.#leaving.map(({ entry }) => entry)]);
    for (const { half } of [...all].reverse()) this.outside(() => half.dispose?.());
    this.#entries.clear();
    this.#leaving.length = 0;
  }
}
