// What files of packages use, kept in the user's cache: files of an installed version never change, so each is read once per machine.
import type { Disk } from '../../base/seams/disk.ts';
import { shortHash } from '../../platform/keyed-hash.ts';
import { fileUses, type FileUses } from './file-uses.ts';

/** Raised when `FileUses` changes. */
const SCAN_VERSION = 1;

interface KnownFile {
  readonly bytes: number;
  readonly modifiedMs: number;
  readonly uses: FileUses;
}

interface Shelf {
  readonly files: Map<string, KnownFile>;
  isChanged: boolean;
}

/** Reads files of packages, each once per version of the package. */
export class ScanCache {
  readonly #disk: Disk;
  readonly #folder: string | undefined;
  readonly #shelves = new Map<string, Shelf>();

  /** @param folder undefined keeps everything in memory */
  constructor(disk: Disk, folder: string | undefined) {
    this.#disk = disk;
    this.#folder = folder;
  }

  /**
   * What a file uses; undefined when it is not there.
   * @param root folder of its package @param label name and version of the package
   */
  uses(file: string, root: string, label: string): FileUses | undefined {
    const facts = this.#disk.stat(file);
    if (facts?.isFile !== true) return undefined;
    const shelf = this.#shelf(root, label);
    const name = file.slice(root.length);
    const known = shelf.files.get(name);
    if (known !== undefined && known.bytes === facts.bytes && known.modifiedMs === facts.modifiedMs) return known.uses;
    const text = this.#disk.readText(file);
    if (text === undefined) return undefined;
    const uses = fileUses(text);
    shelf.files.set(name, { bytes: facts.bytes, modifiedMs: facts.modifiedMs, uses });
    shelf.isChanged = true;
    return uses;
  }

  /** Keeps what is new. A cache that cannot be written is no error: the files are read again. */
  save(): void {
    if (this.#folder === undefined) return;
    for (const [path, shelf] of this.#shelves) {
      if (!shelf.isChanged) continue;
      shelf.isChanged = false;
      try {
        this.#disk.makeFolder(this.#folder);
        this.#disk.writeAtomic(path, JSON.stringify(Object.fromEntries(shelf.files)));
      } catch {
        return;
      }
    }
  }

  #shelf(root: string, label: string): Shelf {
    const path = `${this.#folder ?? ''}/${shortHash(JSON.stringify([SCAN_VERSION, root, label]), 24)}.json`;
    const known = this.#shelves.get(path);
    if (known !== undefined) return known;
    const shelf: Shelf = {
      files: this.#folder === undefined ? new Map<string, KnownFile>() : readShelf(this.#disk.readText(path)),
      isChanged: false,
    };
    this.#shelves.set(path, shelf);
    return shelf;
  }
}

function readShelf(text: string | undefined): Map<string, KnownFile> {
  try {
    const value: unknown = text === undefined ? {} : JSON.parse(text);
    return new Map(Object.entries(value as Record<string, unknown>).filter((entry): entry is [string, KnownFile] => isKnownFile(entry[1])));
  } catch {
    // Cut or damaged: what it was made from is at hand.
    return new Map();
  }
}

function isKnownFile(value: unknown): value is KnownFile {
  if (typeof value !== 'object' || value === null) return false;
  const { bytes, modifiedMs, uses } = value as Record<string, unknown>;
  return typeof bytes === 'number' && typeof modifiedMs === 'number' && typeof uses === 'object' && uses !== null && 'dependencies' in uses;
}
