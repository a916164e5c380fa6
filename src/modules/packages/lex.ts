// Tokens of a JavaScript text, as far as it takes to see what it imports and which members it uses: names, strings and punctuation.
// Comments, texts of templates, numbers and regular expressions fall away. One pass, no tree: files of packages are many and large.

/** `w` a name or keyword, `s` a string literal, `p` one character of punctuation, `t` the end of a template. */
export type TokenKind = 'w' | 's' | 'p' | 't';

/** Tokens in three columns of equal length. */
export interface Tokens {
  readonly kinds: readonly TokenKind[];
  readonly texts: readonly string[];
  /** How many braces are open: 0 at the top level. */
  readonly depths: readonly number[];
}

const NAME = /[A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*/y;
const NUMBER = /[\w.]+/y;
/** Words after which a slash begins a regular expression. */
const BEFORE_REGEX: ReadonlySet<string> = new Set([
  'return',
  'typeof',
  'case',
  'in',
  'of',
  'delete',
  'void',
  'throw',
  'new',
  'else',
  'do',
  'instanceof',
  'yield',
  'await',
]);

const BACKSLASH = 92;
const NEWLINE = 10;

class Lexer {
  readonly kinds: TokenKind[] = [];
  readonly texts: string[] = [];
  readonly depths: number[] = [];
  readonly #text: string;
  /** Depth of braces at each open `${`. */
  readonly #templates: number[] = [];
  #at = 0;
  #depth = 0;
  /** Whether a slash here would begin a regular expression. */
  #expectsValue = true;

  constructor(text: string) {
    this.#text = text;
  }

  run(): void {
    const text = this.#text;
    while (this.#at < text.length) {
      const c = text.charCodeAt(this.#at);
      if (c <= 32 || c === 0xfeff) this.#at++;
      else if (c === 47) this.#slash();
      else if (c === 34 || c === 39) this.#string(c);
      else if (c === 96) this.#template();
      else if ((c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === 95 || c === 36 || c > 127) this.#name();
      else if (c >= 48 && c <= 57) this.#number();
      else this.#punctuation(c);
    }
  }

  #push(kind: TokenKind, text: string): void {
    this.kinds.push(kind);
    this.texts.push(text);
    this.depths.push(this.#depth);
  }

  #slash(): void {
    const text = this.#text;
    const next = text.charCodeAt(this.#at + 1);
    if (next === 47) this.#at = orEnd(text.indexOf('\n', this.#at), text);
    else if (next === 42) this.#at = orEnd(text.indexOf('*/', this.#at + 2), text) + 2;
    else if (this.#expectsValue) this.#regex();
    else {
      this.#at++;
      this.#expectsValue = true;
    }
  }

  #regex(): void {
    const text = this.#text;
    let isInClass = false;
    let at = this.#at + 1;
    for (; at < text.length; at++) {
      const c = text.charCodeAt(at);
      if (c === BACKSLASH) at++;
      else if (c === 91) isInClass = true;
      else if (c === 93) isInClass = false;
      else if (c === NEWLINE || (c === 47 && !isInClass)) break;
    }
    this.#at = at + 1;
    this.#expectsValue = false;
  }

  #string(quote: number): void {
    const text = this.#text;
    let at = this.#at + 1;
    for (; at < text.length; at++) {
      const c = text.charCodeAt(at);
      if (c === BACKSLASH) at++;
      else if (c === quote || c === NEWLINE) break;
    }
    this.#push('s', text.slice(this.#at + 1, at));
    this.#at = at + 1;
    this.#expectsValue = false;
  }

  /** From behind the opening backtick, or the brace that ends a `${}`, to the end or the next `${`. */
  #template(): void {
    const text = this.#text;
    for (this.#at++; this.#at < text.length; this.#at++) {
      const c = text.charCodeAt(this.#at);
      if (c === BACKSLASH) this.#at++;
      else if (c === 96) {
        this.#at++;
        this.#push('t', '`');
        this.#expectsValue = false;
        return;
      } else if (c === 36 && text.charCodeAt(this.#at + 1) === 123) {
        this.#at += 2;
        this.#templates.push(this.#depth++);
        this.#expectsValue = true;
        return;
      }
    }
  }

  #name(): void {
    NAME.lastIndex = this.#at;
    const name = NAME.exec(this.#text)?.[0];
    if (name === undefined) {
      this.#at++;
      return;
    }
    this.#at += name.length;
    this.#push('w', name);
    this.#expectsValue = BEFORE_REGEX.has(name);
  }

  #number(): void {
    NUMBER.lastIndex = this.#at;
    this.#at += NUMBER.exec(this.#text)?.[0].length ?? 1;
    this.#expectsValue = false;
  }

  #punctuation(c: number): void {
    if (c === 123) this.#depth++;
    else if (c === 125 && --this.#depth === this.#templates.at(-1)) {
      this.#templates.pop();
      this.#template();
      return;
    }
    this.#push('p', this.#text[this.#at] ?? '');
    this.#at++;
    this.#expectsValue = c !== 41 && c !== 93 && c !== 125;
  }
}

const orEnd = (at: number, text: string): number => (at < 0 ? text.length : at);

/** The tokens of a text. Never throws: what is no JavaScript gives tokens without meaning. */
export function lex(text: string): Tokens {
  const lexer = new Lexer(text);
  lexer.run();
  return lexer;
}
