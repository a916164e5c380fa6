// The program's half of an answer that goes on after the call that asked for it: what comes is events, in record and replay. After a crash it is
// lost, since the rest of it cannot be asked for.
import type { Site } from '../../../../base/site.ts';
import type { Conversation } from '../../../replay/objects/conversation.ts';
import type { LocalHalf } from '../../../replay/objects/local-half.ts';
import type { Session } from '../../../replay/session/session-api.ts';
import { outside } from '../../puppets/here.ts';
import { lostConnection, lostError } from '../../puppets/lost.ts';
import type { IncomingAnswer } from './incoming-answer.ts';

/** Who reads the answer. Nothing is called after `end` and `error`, and after the program stopped it. */
export interface AnswerReader<End> {
  data(chunk: Buffer): void;
  end(end: End): void;
  /** @param isLost whether it went with the process that had asked; the error is one of a connection then */
  error(error: unknown, isLost: boolean): void;
}

export interface OpenAnswerOptions<End> {
  readonly session: Session;
  /** As messages call it, such as `answer to GET http://…`. */
  readonly shown: string;
  readonly site: Site;
  /** The half outside, when this process has it. */
  readonly incoming: IncomingAnswer<End> | undefined;
  readonly reader: AnswerReader<End>;
}

/** One answer that goes on. */
export class OpenAnswer<End> implements LocalHalf {
  readonly #conversation: Conversation;
  readonly #incoming: IncomingAnswer<End> | undefined;
  readonly #reader: AnswerReader<End>;
  #heard = 0;
  #given = 0;
  #isOver = false;

  constructor({ session, shown, site, incoming, reader }: OpenAnswerOptions<End>) {
    this.#incoming = incoming;
    this.#reader = reader;
    this.#conversation = session.world.conversation({ half: this, shown, site });
    incoming?.attach(this.#conversation);
  }

  /** The program wants to read. */
  ask(): void {
    const given = this.#given;
    this.#given = 0;
    outside(() => this.#incoming?.ask(given));
  }

  /** The program wants no more of it. */
  stop(): void {
    if (this.#isOver) return;
    this.#conversation.effect('stop', 0, () => this.#incoming?.stop());
    this.#over();
  }

  #over(): void {
    this.#isOver = true;
    this.#conversation.over();
  }

  take(name: string, value: unknown): void {
    this.#heard++;
    if (name === 'data') {
      const chunk = value as Buffer;
      this.#given += chunk.length;
      return this.#reader.data(chunk);
    }
    this.#over();
    if (name === 'end') return this.#reader.end(value as End);
    return name === 'lost' ? this.#reader.error(this.#lost(), true) : this.#reader.error(value, false);
  }

  #lost(): Error {
    const cure = 'Ask again where this error is caught, or make the whole exchange one activity()';
    return lostConnection(lostError(this.#conversation.shown, this.#heard - 1, this.#conversation, cure));
  }

  wake(): undefined {
    if (this.#incoming === undefined) this.#conversation.arrive('lost');
  }

  dispose(): void {
    this.#incoming?.stop();
  }
}
