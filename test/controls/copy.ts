// A copy of the sources in a folder of its own, with one fault at a time. What it holds runs without a build.
import { cpSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { workingIn } from '../support/processes.ts';
import type { Control } from './control.ts';

/**
 * What a test run from the sources may read. Of `dist` only the texts that far sides are started with: a test that finds a built command would
 * run what has no fault.
 */
const COPIED = ['src', 'test', 'tools', 'examples', 'bench', 'docs', 'dist/texts', 'package.json', 'tsconfig.json', 'tsconfig.base.json'];
const LEFT_OUT = new Set(['node_modules', '.build', '.resprout']);

/** A copy of the package. */
export class Copy implements Disposable {
  readonly folder: string;

  constructor(packageFolder: string) {
    this.folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'resprout-controls-')));
    for (const name of COPIED)
      cpSync(path.join(packageFolder, name), path.join(this.folder, name), {
        recursive: true,
        filter: (source) => !LEFT_OUT.has(path.basename(source)),
      });
    symlinkSync(path.join(packageFolder, 'node_modules'), path.join(this.folder, 'node_modules'));
  }

  /**
   * Runs something while the fault is in.
   * @throws Error when the text is not there exactly once: the control would no longer break anything
   */
  async with<T>(control: Control, run: () => Promise<T>): Promise<T> {
    const file = path.join(this.folder, control.file);
    const whole = readFileSync(file, 'utf8');
    writeFileSync(file, broken(control, whole));
    try {
      return await run();
    } finally {
      writeFileSync(file, whole);
      this.#endLeft();
    }
  }

  /** A fault may be that something stays behind. */
  #endLeft(): void {
    if (!existsSync('/proc/self')) return;
    for (const pid of workingIn(this.folder)) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The text of a file with the fault. @throws Error when the control breaks nothing */
export function broken({ name, file, text, fault }: Control, whole: string): string {
  if (text === fault || whole.split(text).length !== 2)
    throw new Error(`«${name}» breaks nothing: its text does not stand in ${file} exactly once`);
  return whole.replace(text, () => fault);
}
