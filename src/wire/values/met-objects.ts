const FEW_OBJECTS = 8;

/** The objects that one value holds, by the number in which each of them began. */
export class MetObjects {
  readonly #met: unknown[] = [];
  #ids: Map<unknown, number> | undefined;

  /** How many there are; the number of the next one. */
  get count(): number {
    return this.#met.length;
  }

  /** The number of an object; undefined when it is new. A few objects are found faster without a table. */
  idOf(value: unknown): number | undefined {
    const met = this.#met;
    if (this.#ids !== undefined) return this.#ids.get(value);
    if (met.length >= FEW_OBJECTS) {
      this.#ids = new Map(met.map((one, id) => [one, id]));
      return this.#ids.get(value);
    }
    for (let id = 0; id < met.length; id++) if (met[id] === value) return id;
    return undefined;
  }

  /** Gives an object the next number. */
  add(value: unknown): void {
    this.#ids?.set(value, this.#met.length);
    this.#met.push(value);
  }

  /** Whether this one began last. */
  isLast(value: unknown): boolean {
    return this.#met.length > 0 && this.#met.at(-1) === value;
  }

  /** The last one was not written after all: its number goes to the next one. */
  forgetLast(): void {
    const last = this.#met.pop();
    this.#ids?.delete(last);
  }
}
