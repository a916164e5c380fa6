// `process.stdin` of a program: what the command's standard input gave is part of the journal. It is opened when the program first looks at it,
// read when the program reads, and a resumed program reads on from the standard input of its own command.
import { Readable } from 'node:stream';
import type { Conversation } from '../../replay/objects/conversation.ts';
import type { LocalHalf } from '../../replay/objects/local-half.ts';
import type { Session } from '../../replay/session/session-api.ts';

/** The half outside. */
export interface InputSource {
  /** The command's standard input. Asked for when the program first looks at its own. */
  stdin(): Readable & { readonly isTTY?: boolean; setRawMode?(isRaw: boolean): unknown };
  /** The program has begun to read from a terminal, or does not any more. */
  onTerminal?(state: { readonly isOpen: boolean; readonly isRaw: boolean }): void;
}

interface Facts {
  readonly isTTY: boolean;
}

/** Reads the command's standard input for one session, one chunk whenever the program asks. */
class Outside {
  readonly #source: InputSource;
  readonly #conversation: () => Conversation;
  #isListening = false;
  #isRaw = false;
  #isOpen = false;

  constructor(source: InputSource, conversation: () => Conversation) {
    this.#source = source;
    this.#conversation = conversation;
  }

  facts(): Facts {
    return { isTTY: this.#source.stdin().isTTY === true };
  }

  pull(): void {
    const stdin = this.#source.stdin();
    if (!this.#isListening) this.#listen(stdin);
    this.#tell(stdin, true);
    stdin.resume();
  }

  #listen(stdin: Readable): void {
    this.#isListening = true;
    const conversation = this.#conversation();
    stdin.on('data', (chunk: Uint8Array | string) => {
      stdin.pause();
      conversation.arriveData('data', typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
    });
    stdin.on('end', () => conversation.arrive('end'));
    stdin.on('error', (error) => conversation.arrive('error', error));
  }

  rest(): void {
    const stdin = this.#source.stdin();
    stdin.pause();
    this.#tell(stdin, false);
  }

  setRaw(isRaw: boolean): void {
    const stdin = this.#source.stdin();
    stdin.setRawMode?.(isRaw);
    this.#isRaw = isRaw;
    this.#tell(stdin, this.#isOpen);
  }

  #tell(stdin: { readonly isTTY?: boolean }, isOpen: boolean): void {
    this.#isOpen = isOpen;
    if (stdin.isTTY === true) this.#source.onTerminal?.({ isOpen, isRaw: this.#isRaw });
  }
}

/** The program's half. */
export class ProgramInput extends Readable {
  readonly fd = 0;
  /** As Node has it: only on a terminal. */
  declare readonly isTTY?: boolean;
  isRaw = false;
  readonly #conversation: Conversation;
  readonly #outside: Outside;
  #isAwake = false;
  #isWanted = false;
  #isRef = true;

  constructor(session: Session, source: InputSource) {
    super({ highWaterMark: 65_536, emitClose: false });
    this.#conversation = session.world.conversation({ half: this.#half(), shown: 'process.stdin' });
    this.#outside = new Outside(source, () => this.#conversation);
    const facts = this.#conversation.openNow('node:process.stdin', [], () => {
      this.#isAwake = true;
      return this.#outside.facts();
    }) as Facts;
    this.#conversation.setRef(false);
    if (facts.isTTY) this.isTTY = true;
    this.on('pause', () => this.#rest());
  }

  override _read(): void {
    this.#isWanted = true;
    this.#conversation.setRef(this.#isRef);
    if (this.#isAwake) this.#pull();
  }

  /** What is read from a pipe is in no other place until it is on disk: no more is taken before what came earlier is. */
  #pull(): void {
    this.#conversation.whenDurable(() => {
      if (this.#isWanted) this.#outside.pull();
    });
  }

  /** Nobody reads: what is not read stays where it is, and the program is not held by it. */
  #rest(): void {
    this.#isWanted = false;
    this.#conversation.setRef(false);
    if (this.#isAwake) this.#outsideOnly(() => this.#outside.rest());
  }

  #outsideOnly(run: () => void): void {
    this.#conversation.outside(run);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#rest();
    this.#conversation.over();
    done(error);
  }

  /** A flow that goes on after a pause asks again. */
  override resume(): this {
    super.resume();
    if (!this.#isWanted && !this.readableEnded && this.readableLength === 0) this._read();
    return this;
  }

  ref(): this {
    this.#isRef = true;
    if (this.#isWanted) this.#conversation.setRef(true);
    return this;
  }

  unref(): this {
    this.#isRef = false;
    this.#conversation.setRef(false);
    return this;
  }

  setRawMode(isRaw: boolean): this {
    this.isRaw = isRaw;
    this.#conversation.effect('setRawMode', Number(isRaw), () => this.#outside.setRaw(isRaw));
    return this;
  }

  #half(): LocalHalf {
    return {
      take: (name, value) => this.#take(name, value),
      wake: () => {
        this.#isAwake = true;
        if (this.isRaw) this.#outside.setRaw(true);
        if (this.#isWanted) this.#pull();
        return undefined;
      },
    };
  }

  #take(name: string, value: unknown): void {
    this.#isWanted = false;
    if (name === 'data') this.push(value as Uint8Array);
    else if (name === 'end') {
      this.push(null);
      this.#conversation.over();
    } else this.destroy(value as Error);
  }
}
