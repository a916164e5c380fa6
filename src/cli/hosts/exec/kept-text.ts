import { StringDecoder } from 'node:string_decoder';

/** The end of what a command writes, as text. */
export class KeptText {
  readonly #most: number;
  readonly #decoder = new StringDecoder('utf8');
  #text = '';

  /** @param most characters: what is older is forgotten */
  constructor(most: number) {
    this.#most = most;
  }

  push(bytes: Uint8Array): void {
    this.#add(this.#decoder.write(Buffer.from(bytes)));
  }

  /** What is kept, at the end of the command. */
  end(): string {
    this.#add(this.#decoder.end());
    return this.#text.slice(-this.#most);
  }

  #add(text: string): void {
    this.#text += text;
    // Not at each piece: that would copy all of it each time.
    if (this.#text.length > 2 * this.#most) this.#text = this.#text.slice(-this.#most);
  }
}
