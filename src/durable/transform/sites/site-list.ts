import type { SiteEntry } from '../../../base/builds/build.ts';
import type { Place } from '../../../modules/text/source-map.ts';

const LONGEST_LABEL = 200;

/** Collects the call sites of one file. */
export class SiteList {
  readonly #path: string;
  readonly #placeOf: (offset: number) => Place;
  readonly #entries: SiteEntry[] = [];
  readonly #counts = new Map<string, number>();

  constructor(path: string, placeOf: (offset: number) => Place) {
    this.#path = path;
    this.#placeOf = placeOf;
  }

  get entries(): readonly SiteEntry[] {
    return this.#entries;
  }

  /**
   * Adds a site and returns its number.
   * Its id holds no position: sites of the same text in the same function are told apart by their order alone, so an edit elsewhere keeps it.
   */
  add(owner: string, label: string, offset: number, awaited: boolean): number {
    const cut = label.length > LONGEST_LABEL ? `${label.slice(0, LONGEST_LABEL - 3)}...` : label;
    const stem = `${this.#path}#${owner}#${cut}`;
    const ordinal = this.#counts.get(stem) ?? 0;
    this.#counts.set(stem, ordinal + 1);
    const { line, column } = this.#placeOf(offset);
    return this.#entries.push({ id: `${stem}#${ordinal}`, label: cut, line, column, awaited }) - 1;
  }
}
