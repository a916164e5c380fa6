// Copies of messages between ports of one program, with the ports among what is transferred.
import type threads from 'node:worker_threads';

/** A port of the program's own: it can go with a message. */
export interface MovablePort {
  /** The port as who receives it has it. */
  move(): MovablePort;
}

const ports = new WeakSet<object>();

/** Says that an object is such a port. */
export function notePort(port: MovablePort): void {
  ports.add(port);
}

const isPort = (value: unknown): value is MovablePort => typeof value === 'object' && value !== null && ports.has(value);

/** A message as who receives it gets it. */
export interface Cloned {
  readonly data: unknown;
  readonly ports: readonly MovablePort[];
}

/** The transfer list of `postMessage`: a list, or an option. */
export function transferOf(given: unknown): readonly unknown[] {
  if (Array.isArray(given)) return given as readonly unknown[];
  const named: unknown = typeof given === 'object' && given !== null ? Reflect.get(given, 'transfer') : undefined;
  return Array.isArray(named) ? (named as readonly unknown[]) : [];
}

/** Puts other objects in the place of some, in copies of what holds them. What holds none is the same object. */
class Replacing {
  readonly #by: ReadonlyMap<unknown, object>;
  readonly #done = new Map<object, unknown>();

  constructor(by: ReadonlyMap<unknown, object>) {
    this.#by = by;
  }

  value(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value;
    const other = this.#by.get(value) ?? this.#done.get(value);
    if (other !== undefined) return other;
    if (Array.isArray(value)) return this.#list(value);
    if (value instanceof Map) return this.#map(value);
    if (value instanceof Set) return this.#set(value);
    const prototype: unknown = Object.getPrototypeOf(value);
    return prototype === Object.prototype || prototype === null ? this.#record(value) : value;
  }

  #list(value: readonly unknown[]): unknown {
    const copy: unknown[] = [];
    this.#done.set(value, copy);
    for (const item of value) copy.push(this.value(item));
    return copy;
  }

  #map(value: ReadonlyMap<unknown, unknown>): unknown {
    const copy = new Map<unknown, unknown>();
    this.#done.set(value, copy);
    for (const [key, item] of value) copy.set(this.value(key), this.value(item));
    return copy;
  }

  #set(value: ReadonlySet<unknown>): unknown {
    const copy = new Set<unknown>();
    this.#done.set(value, copy);
    for (const item of value) copy.add(this.value(item));
    return copy;
  }

  #record(value: object): unknown {
    const copy: Record<string, unknown> = {};
    this.#done.set(value, copy);
    for (const key of Object.keys(value)) copy[key] = this.value(Reflect.get(value, key));
    return copy;
  }
}

const refuse = (message: string): never => {
  throw new DOMException(message, 'DataCloneError');
};

/** Copies a message. @param from the port that sends it @throws DOMException DataCloneError, as `postMessage` does */
export function cloneWithPorts(
  message: unknown,
  transfer: readonly unknown[],
  from?: MovablePort,
  clone: typeof structuredClone = realClone,
): Cloned {
  const taken = transfer.filter((item) => isPort(item));
  if (from !== undefined && taken.includes(from)) refuse('Transfer list contains source port');
  const others = transfer.filter((item) => !isPort(item)) as threads.Transferable[];
  if (taken.length === 0) return { data: clone(message, { transfer: others }), ports: taken };
  const marks = taken.map(() => ({}));
  const marked = new Replacing(new Map(taken.map((port, i) => [port, marks[i] ?? {}]))).value(message);
  const copy = clone({ marked, marks }, { transfer: others });
  const moved = taken.map((port) => port.move());
  return { data: new Replacing(new Map(copy.marks.map((mark, i) => [mark, moved[i] ?? mark]))).value(copy.marked), ports: moved };
}

const realClone = structuredClone;
