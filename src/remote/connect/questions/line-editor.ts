/** How typing ended. */
export type LineEnd = { readonly kind: 'line'; readonly text: string } | { readonly kind: 'end' } | { readonly kind: 'interrupt' };

const LINE_LIMIT = 4096;

/** One line typed on a raw terminal: Enter ends it, Backspace and ^U take back, ^D on an empty line and ^C give up. Nothing else acts. */
export class LineEditor {
  readonly #isSecret: boolean;
  readonly #echo: (text: string) => void;
  #characters: string[] = [];

  /** @param echo writes to the terminal; never called with a part of a secret */
  constructor(isSecret: boolean, echo: (text: string) => void) {
    this.#isSecret = isSecret;
    this.#echo = echo;
  }

  /** Takes what was typed. Undefined while the line goes on; what follows the end of the line is dropped. */
  type(text: string): LineEnd | undefined {
    // Keys such as arrows send sequences; they are dropped whole.
    // oxlint-disable-next-line no-control-regex -- escape sequences are what is dropped
    for (const character of text.replace(/\u001b(\[[0-9;]*[A-Za-z~]|O[A-Z]|.)?/g, '')) {
      if (character === '\r' || character === '\n') return { kind: 'line', text: this.#characters.join('') };
      if (character === '\u0003') return { kind: 'interrupt' };
      if (character === '\u0004' && this.#characters.length === 0) return { kind: 'end' };
      if (character === '\u007f' || character === '\b') this.#erase(1);
      else if (character === '\u0015') this.#erase(this.#characters.length);
      else if (character >= ' ' && this.#characters.length < LINE_LIMIT) this.#add(character);
    }
    return undefined;
  }

  #add(character: string): void {
    this.#characters.push(character);
    if (!this.#isSecret) this.#echo(character);
  }

  #erase(count: number): void {
    const gone = this.#characters.splice(Math.max(0, this.#characters.length - count)).length;
    if (!this.#isSecret && gone > 0) this.#echo('\b \b'.repeat(gone));
  }
}
