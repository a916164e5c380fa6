import type { Socket } from 'node:net';

/** Takes what the program answers to a question of the server outside. */
export type Answer = (...values: readonly unknown[]) => void;

/** What the server outside tells, and asks of the program. */
export interface ServerTidings {
  accepted(socket: Socket): void;
  arrive(name: string, value: unknown): void;
  /** Has the program asked something. @param answer called with what it answers, unless it is over before */
  ask(name: string, args: readonly unknown[], answer: Answer): void;
}
