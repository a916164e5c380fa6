import type { Disk } from '../../base/seams/disk.ts';
import { sourceChanged } from '../calls/refusals.ts';
import type { ProgramBuild } from './program-build.ts';
import { isOtherText } from './same-text.ts';
import type { Scripts } from './scripts.ts';

/** Makes sure that the far side gets the code that runs here. Each file is looked at once. */
export class Freshness {
  readonly #disk: Disk;
  readonly #program: ProgramBuild;
  readonly #scripts: Scripts;
  readonly #startedMs: number;
  readonly #checked = new Set<string>();

  constructor(disk: Disk, program: ProgramBuild, scripts: Scripts, startedMs: number) {
    this.#disk = disk;
    this.#program = program;
    this.#scripts = scripts;
    this.#startedMs = startedMs;
  }

  /**
   * Files that were written after the process started are compared with what V8 runs. A file that this thread has not loaded (yet) is fine.
   * @throws ResproutError REMOTE_SOURCE_CHANGED
   */
  check(files: Iterable<string>): void {
    for (const file of files) {
      if (this.#checked.has(file)) continue;
      if (this.isNewer(file)) this.#compare(file);
      this.#checked.add(file);
    }
  }

  /** Whether a file was written after the process started. */
  isNewer(file: string): boolean {
    return (this.#disk.stat(file)?.modifiedMs ?? 0) > this.#startedMs;
  }

  #compare(file: string): void {
    const running = this.#scripts.textOfFile(file);
    const built = this.#program.source(file);
    if (running === undefined || built === undefined) return;
    // The text of a loader never is that of the file: it cannot be compared, so the far side might get other code.
    if (isOtherText(running, built)) throw sourceChanged(file);
  }
}
