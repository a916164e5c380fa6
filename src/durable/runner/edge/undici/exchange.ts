// The program's side of one request: it tells the handler, in order and not while the handler has it paused.
import { OpenAnswer, type OpenAnswerOptions } from '../answers/open-answer.ts';
import type { NativeStream } from '../../puppets/socket/native-stream.ts';
import { PuppetSocket } from '../../puppets/socket/puppet-socket.ts';
import type { AnswerEnd, Controller, Listener, UndiciAnswer, UndiciUpgrade } from './handlers.ts';

/** One request, as its handler may stop it and slow it down. */
export class Exchange implements Controller {
  aborted = false;
  reason: Error | null = null;
  paused = false;
  rawHeaders: readonly Buffer[] = [];
  rawTrailers: readonly Buffer[] = [];
  readonly #listener: Listener;
  /** What is to be told. */
  readonly #steps: (() => void)[] = [];
  #stop: (reason: Error) => void;
  #open: OpenAnswer<AnswerEnd> | undefined;
  #isTelling = false;
  #isOver = false;

  constructor(listener: Listener, stop: (reason: Error) => void) {
    this.#listener = listener;
    this.#stop = stop;
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    this.#tell();
  }

  abort(reason: Error): void {
    if (this.aborted || this.#isOver) return;
    this.aborted = true;
    this.reason = reason;
    this.#stop(reason);
    this.fail(reason);
  }

  fail(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#listener.error(this, error);
  }

  /** Gives a whole answer. */
  give(answer: UndiciAnswer): void {
    this.#begin(answer);
    this.#later(() => this.#end(answer));
  }

  /** Gives what there is of one that goes on, then the rest as it comes. */
  giveOpen(answer: UndiciAnswer, options: Omit<OpenAnswerOptions<AnswerEnd>, 'reader'>): void {
    // It was given up before its head came: the request outside was too.
    if (this.#isOver) return;
    const open = new OpenAnswer<AnswerEnd>({
      ...options,
      reader: {
        data: (chunk) => this.#later(() => this.#listener.data(this, chunk)),
        end: (end) => this.#later(() => this.#end(end)),
        error: (error) => this.fail(error),
      },
    });
    this.#open = open;
    this.#stop = () => open.stop();
    this.#begin(answer);
  }

  /** Gives a connection that changed its protocol. @param connection the half outside, when this process has it */
  giveUpgrade(upgrade: UndiciUpgrade, connection: NativeStream | undefined, shown: string): void {
    const socket = new PuppetSocket({ shown, allowHalfOpen: true });
    socket.bind(connection, upgrade.facts);
    if (this.#isOver) return void socket.destroy();
    this.#isOver = true;
    this.#listener.upgrade(this, upgrade, socket);
  }

  #begin(answer: UndiciAnswer): void {
    this.#later(() => this.#listener.head(this, answer));
    if (answer.body.length > 0) this.#later(() => this.#listener.data(this, answer.body));
  }

  #end(end: AnswerEnd): void {
    this.#isOver = true;
    this.#listener.end(this, end);
  }

  #later(step: () => void): void {
    this.#steps.push(step);
    this.#tell();
  }

  #tell(): void {
    if (this.#isTelling) return;
    this.#isTelling = true;
    try {
      while (!this.#isOver && !this.paused) {
        const step = this.#steps.shift();
        if (step === undefined) break;
        step();
      }
      if (!this.#isOver && !this.paused) this.#open?.ask();
    } catch (error) {
      // As undici does with what a handler throws.
      this.abort(error as Error);
    } finally {
      this.#isTelling = false;
    }
  }
}
