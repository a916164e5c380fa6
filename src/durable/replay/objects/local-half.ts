// The two ends of the way between an object of the program and its half outside.
import type { Site } from '../../../base/site.ts';

/** The program's half of an object. */
export interface LocalHalf {
  /** Something happened outside, now it happens here: in the program's scope and the async context of the object's making. */
  take(name: string, value: unknown): void;
  /**
   * History is used up and this process has no half outside: makes it, makes it again, or says by `arrive` that it is lost. Called once, not
   * for what is over. Runs outside of the session. A listener resolves when it listens.
   */
  wake(): Promise<void> | undefined;
  /** Whether others may want to connect to it: it wakes first. */
  readonly isListener?: boolean | undefined;
  /** Whether the program has said its last word to it: it ends by itself, and nobody has forgotten it. */
  readonly isClosing?: boolean | undefined;
  /** The session is over: ends the half outside, if there is one. Must not throw. */
  dispose?(): void;
}

export interface ConversationOptions {
  readonly half: LocalHalf;
  /** As messages call it, such as `child process sort`. */
  readonly shown: string;
  /** Whether it belongs to another object, as a pipe to its child: lists name that one. */
  readonly isPart?: boolean | undefined;
  /** Where the program made it; the call that runs now when absent. */
  readonly site?: Site | undefined;
}

/** What an object asks of its session, by its number. */
export interface ObjectWays {
  add(options: Pick<ConversationOptions, 'half' | 'shown' | 'isPart'> & { readonly site: Site }): number;
  open(number: number, fn: string, args: readonly unknown[], site: Site, open: () => void): boolean;
  openNow(number: number, fn: string, args: readonly unknown[], site: Site, open: () => unknown): unknown;
  effect(number: number, name: string, size: number, act: () => void): boolean;
  arrive(number: number, name: string, value: unknown): void;
  arriveData(number: number, name: string, chunk: Uint8Array): number;
  setRef(number: number, isRef: boolean): void;
  drop(number: number): void;
  whenLive(run: () => void): void;
  whenAwake(run: () => void): void;
  whenDurable(run: () => void): void;
  outside<T>(run: () => T): T;
}
