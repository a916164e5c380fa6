import { appendFileSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** What reached the servers of one program, as lines of a file in the folder where it runs: the harness compares that file like any other. */
export class Effects {
  folder = '';

  add(line: string): void {
    try {
      appendFileSync(path.join(this.folder, 'effects.log'), `${line}\n`);
    } catch (error) {
      // The folder is being emptied: whoever asks belongs to a stage that is over.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }

  /** How many lines begin so, in this stage. */
  count(start: string): number {
    try {
      const text = readFileSync(path.join(this.folder, 'effects.log'), 'utf8');
      return text.split('\n').filter((line) => line.startsWith(start)).length;
    } catch {
      return 0;
    }
  }
}
