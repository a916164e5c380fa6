// Output of one host among many: whole lines, each with its name.
import { StringDecoder } from 'node:string_decoder';
import { safeLine } from '../../render/text/safe-text.ts';

/** A line that does not end is cut here: another host's must not wait for it. */
const MOST_CHARS = 65_536;

export class NamedLines {
  readonly #label: string;
  readonly #write: (text: string) => void;
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';

  /** @param write takes whole lines */
  constructor(label: string, write: (text: string) => void) {
    this.#label = safeLine(label);
    this.#write = write;
  }

  push(bytes: Uint8Array): void {
    this.#take(this.#decoder.write(Buffer.from(bytes)));
  }

  /** What is left is a line too. */
  end(): void {
    this.#take(this.#decoder.end());
    if (this.#rest !== '') this.#take('\n');
  }

  #take(text: string): void {
    const lines = `${this.#rest}${text}`.split('\n');
    this.#rest = lines.pop() ?? '';
    if (this.#rest.length > MOST_CHARS) {
      lines.push(this.#rest);
      this.#rest = '';
    }
    if (lines.length > 0) this.#write(lines.map((line) => `${this.#label} | ${safeLine(line.replace(/\r$/, ''))}\n`).join(''));
  }
}
