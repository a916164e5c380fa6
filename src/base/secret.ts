const brand: unique symbol = Symbol.for('resprout.secret') as never;
const MASK = '[Secret]';

let tell: ((text: string) => void) | undefined;

/** From now on somebody is told the text of each Secret that is made in this thread, before the program has it: whoever prints for it must know. */
export function onSecretMade(listener: (text: string) => void): void {
  tell = listener;
}

/**
 * A text that shows itself nowhere: `toString`, JSON and `console.log` give a mask. It crosses links as a Secret, and stands in a journal
 * as a keyed hash only. `reveal()` gives the text to the code that needs it.
 */
export class Secret {
  static {
    Object.defineProperty(this.prototype, brand, { value: true });
    // What console.log and util.inspect of Node ask for; a computed member would not survive in the declarations.
    Object.defineProperty(this.prototype, Symbol.for('nodejs.util.inspect.custom'), { value: () => MASK });
  }
  readonly #text: string;

  constructor(text: string) {
    if (typeof text !== 'string') throw new TypeError('a Secret is made of a text');
    this.#text = text;
    tell?.(text);
  }

  /** The text itself. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [Symbol.toPrimitive](): string {
    return MASK;
  }
}

/** Whether a value is a Secret, made by this copy of the package or by another one. */
export function isSecret(value: unknown): value is Secret {
  return typeof value === 'object' && value !== null && brand in value;
}
