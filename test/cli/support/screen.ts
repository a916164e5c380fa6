// A small model of a terminal: what a person would see after these bytes. It knows what our output may use and throws at everything else,
// so that an escape sequence that got through is a failed test.

// oxlint-disable-next-line no-control-regex -- finding them is this file's job
const SEQUENCE = /^\u001b\[([?0-9;]*)([A-Za-z])/;
const ALLOWED_MODES: ReadonlySet<string> = new Set(['?2026']);

export class Screen {
  #rows: string[][] = [[]];
  /** Rows that go on in the next one: a line longer than the terminal. */
  #wraps: boolean[] = [false];
  #columns: number;
  readonly #height: number;
  #x = 0;
  #y = 0;
  #rest = '';

  constructor(columns: number, height: number) {
    this.#columns = columns;
    this.#height = height;
  }

  /** All lines from the first on, also those that were scrolled away; without empty ones at the end. */
  get lines(): string[] {
    const lines = this.#rows.map((row) => row.join('').trimEnd());
    while (lines.length > 0 && lines.at(-1) === '') lines.pop();
    return lines;
  }

  get text(): string {
    return this.lines.join('\n');
  }

  /** Changes the width as most terminals do: lines are broken again, the cursor stays at its text. */
  resize(columns: number): void {
    const cursor = { line: 0, offset: 0 };
    const whole: string[][] = [];
    let open: string[] = [];
    this.#rows.forEach((row, y) => {
      if (y === this.#y) {
        cursor.line = whole.length;
        cursor.offset = open.length + this.#x;
      }
      open.push(...row);
      if (this.#wraps[y] === true) return;
      whole.push(open);
      open = [];
    });
    this.#columns = columns;
    this.#rows = [];
    this.#wraps = [];
    whole.forEach((line, i) => {
      const first = this.#rows.length;
      for (let at = 0; at === 0 || at < line.length; at += columns) {
        this.#rows.push(line.slice(at, at + columns));
        this.#wraps.push(at + columns < line.length);
      }
      if (i !== cursor.line) return;
      this.#y = first + Math.floor(cursor.offset / columns);
      this.#x = cursor.offset % columns;
    });
  }

  write(text: string): void {
    let rest = this.#rest + text;
    this.#rest = '';
    while (rest !== '') {
      if (rest.startsWith('\u001b')) {
        const match = SEQUENCE.exec(rest);
        if (match === null) {
          if (rest.length < 16) {
            this.#rest = rest;
            return;
          }
          throw new Error(`an unknown escape sequence: ${JSON.stringify(rest.slice(0, 20))}`);
        }
        this.#control(match[1] ?? '', match[2] ?? '');
        rest = rest.slice(match[0].length);
      } else {
        const [char = ''] = rest;
        this.#put(char);
        rest = rest.slice(char.length);
      }
    }
  }

  #control(parameters: string, letter: string): void {
    if (letter === 'm') return;
    if ((letter === 'h' || letter === 'l') && ALLOWED_MODES.has(parameters)) return;
    if (letter === 'A') this.#y = Math.max(Math.max(0, this.#rows.length - this.#height), this.#y - Number(parameters || '1'));
    else if (letter === 'K' && (parameters === '' || parameters === '2')) {
      this.#row(this.#y).length = parameters === '2' ? 0 : Math.min(this.#row(this.#y).length, this.#x);
      this.#wraps[this.#y] = false;
    } else throw new Error(`an escape sequence that is not ours: ${parameters}${letter}`);
  }

  #put(char: string): void {
    if (char === '\r') this.#x = 0;
    else if (char === '\n') {
      this.#y += 1;
      this.#row(this.#y);
    } else if (char < ' ' && char !== '\t') throw new Error(`a control character that is not ours: ${JSON.stringify(char)}`);
    else {
      if (this.#x === this.#columns) {
        this.#wraps[this.#y] = true;
        this.#y += 1;
        this.#x = 0;
      }
      const row = this.#row(this.#y);
      while (row.length < this.#x) row.push(' ');
      row[this.#x] = char;
      this.#x += 1;
    }
  }

  #row(y: number): string[] {
    while (this.#rows.length <= y) {
      this.#rows.push([]);
      this.#wraps.push(false);
    }
    return this.#rows[y] ?? [];
  }
}
