// A small disk of its own for a store, which can be filled and freed.
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { needs } from '../support/needs.ts';

const SIZE = '40m';
const PIECE = new Uint8Array(1_048_576);

/** For the option `skip` of a test. */
export const noSmallDisk: string | false = needs('linux', 'root', { program: 'mount', debianPackage: 'mount' });

export class SmallDisk implements Disposable {
  readonly folder: string;
  readonly #filler: string;

  /** @param folder where it is mounted; made when it is missing */
  constructor(folder: string) {
    this.folder = folder;
    this.#filler = join(folder, 'filler');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE},mode=0700`, 'tmpfs', folder], { encoding: 'utf8' });
    if (mounted.status !== 0) throw new Error(`a small disk cannot be mounted: ${mounted.stderr}`);
  }

  /** Takes every byte that is free. */
  fill(): void {
    const fd = openSync(this.#filler, 'a');
    try {
      for (let size = PIECE.length; size >= 1;) {
        try {
          writeSync(fd, PIECE, 0, size);
        } catch {
          size = Math.floor(size / 2);
        }
      }
    } finally {
      closeSync(fd);
    }
  }

  free(): void {
    rmSync(this.#filler, { force: true });
  }

  [Symbol.dispose](): void {
    spawnSync('umount', ['-l', this.folder]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
