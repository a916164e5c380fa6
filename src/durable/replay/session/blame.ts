import { isError } from '../../../base/errors/is-error.ts';

const DEEPEST = 10;

interface Note {
  readonly id: number;
  /** How many errors came before. */
  readonly place: number;
}

/** Errors that calls gave, with the calls they came from: an end event names the one that ended the program. */
export class Blame {
  readonly #calls = new WeakMap<object, Note>();
  #noted = 0;

  note(error: unknown, id: number): void {
    if (typeof error === 'object' && error !== null) this.#calls.set(error, { id, place: this.#noted++ });
  }

  /** The errors in what an object of the program was told, such as the reason why a connection was not made. */
  noteIn(value: unknown, id: number): void {
    if (isError(value)) this.note(value, id);
    else if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value))
      for (const field of Object.values(value)) if (isError(field)) this.note(field, id);
  }

  /** The call that an error came from: its own, that of one of its causes, or the first of those of the errors that it gathers. */
  of(error: unknown): number | undefined {
    return this.#find(error, DEEPEST, new Set())?.id;
  }

  #find(error: unknown, deepest: number, seen: Set<unknown>): Note | undefined {
    if (typeof error !== 'object' || error === null || deepest === 0 || seen.has(error)) return undefined;
    seen.add(error);
    const found = this.#calls.get(error) ?? this.#find(Reflect.get(error, 'cause'), deepest - 1, seen);
    if (found !== undefined) return found;
    const errors: unknown = Reflect.get(error, 'errors');
    if (!Array.isArray(errors)) return undefined;
    const notes = errors.map((one) => this.#find(one, deepest - 1, seen)).filter((note) => note !== undefined);
    return notes.sort((a, b) => a.place - b.place)[0];
  }
}
