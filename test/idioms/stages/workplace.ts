// The folders of one program while it is examined. All stages run in the same folder, emptied between them, so that every path that a
// program sees is the same in each.
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { killIn } from './leftovers.ts';
import { StandardInput } from './standard-input.ts';
import type { Program } from '../tables/program.ts';

export class Workplace implements Disposable {
  readonly folder: string;
  readonly storeFolder: string;
  /** Absolute path of the file that is run. */
  readonly file: string;
  /** Holds all of them. */
  readonly root: string;
  #stage = 0;
  readonly #keep: boolean;
  readonly #stdin: string | undefined;

  constructor(workFolder: string, program: Program, keep = false) {
    this.root = realpathSync(mkdtempSync(path.join(workFolder, `${program.name.replaceAll('/', '-').slice(-60)}-`)));
    this.#keep = keep;
    this.#stdin = program.stdin;
    this.folder = path.join(this.root, 'folder');
    this.storeFolder = path.join(this.root, 'store');
    mkdirSync(this.folder);
    program.onFolder?.(this.folder);
    this.file = program.path ?? this.#write(program);
  }

  #write(program: Program): string {
    const folder = path.join(this.root, 'program');
    const files = new Map([['package.json', '{ "type": "module" }\n'], ...program.files]);
    for (const [name, text] of files) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), text);
    }
    for (const [name, target] of program.links ?? []) symlinkSync(target, path.join(folder, name));
    return path.join(folder, program.file);
  }

  /** The folder as a program finds it: there and empty. What still ran in it is ended. */
  empty(): void {
    killIn(this.folder);
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder);
  }

  /** The standard input of a session of this program; undefined when it has none. */
  input(): StandardInput | undefined {
    if (this.#stdin === undefined) return undefined;
    return new StandardInput(path.join(this.root, `input-${++this.#stage}`), this.#stdin);
  }

  /** Files that take what a stage prints. */
  captures(): Captures {
    return new Captures(path.join(this.root, `stage-${++this.#stage}`));
  }

  [Symbol.dispose](): void {
    killIn(this.folder);
    if (this.#keep) console.error(`kept: ${this.root}`);
    else rmSync(this.root, { recursive: true, force: true });
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

/** What one stage prints. */
export class Captures {
  readonly stdoutFile: string;
  readonly stderrFile: string;

  constructor(base: string) {
    this.stdoutFile = `${base}.stdout`;
    this.stderrFile = `${base}.stderr`;
  }

  get stdout(): string {
    return textOf(this.stdoutFile);
  }

  get stderr(): string {
    return textOf(this.stderrFile);
  }
}
