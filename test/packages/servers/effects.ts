import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * What reached the servers of one program, as files in the folder where it runs, one a kind: the harness compares them like any other, and
 * their order is not compared.
 */
export class Effects {
  folder = '';

  add(line: string): void {
    try {
      const folder = path.join(this.folder, 'effects');
      mkdirSync(folder, { recursive: false });
    } catch (error) {
      // It is there; or the whole folder is being emptied, and whoever asks belongs to a stage that is over.
      if (!['EEXIST', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
    try {
      appendFileSync(this.#fileOf(line), `${line}\n`);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }

  /** How often this came, in this stage. */
  count(line: string): number {
    try {
      return readFileSync(this.#fileOf(line), 'utf8').split('\n').length - 1;
    } catch {
      return 0;
    }
  }

  #fileOf(line: string): string {
    return path.join(this.folder, 'effects', line.replaceAll(/[^\w.-]/g, '_'));
  }
}
