// Kinds of BYTES, by number. Part of the protocol and of journals: never renumber, never reuse.
import { LARGE_BYTES } from './value-tags.ts';

interface ViewConstructor {
  readonly BYTES_PER_ELEMENT?: number;
  readonly name: string;
  new (buffer: ArrayBufferLike, byteOffset?: number, length?: number): ArrayBufferView;
}

/** Kind 0. The rest are views. */
export const ARRAY_BUFFER_KIND = 0;
/** A Uint8Array. */
export const BYTES_KIND = 3;

/** Views from kind 1 on. A runtime without one of them (Float16Array before Node 24) refuses it. */
const VIEWS: readonly (ViewConstructor | undefined)[] = [
  undefined,
  DataView,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  typeof Float16Array === 'undefined' ? undefined : Float16Array,
];

/** What a typed array of any realm is called; undefined for a DataView. */
const nameOfView = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype) as object, Symbol.toStringTag)?.get;

/** The kind of a view; -1 when the protocol has none. */
export function viewKind(view: ArrayBufferView): number {
  const name: unknown = nameOfView?.call(view) ?? 'DataView';
  return VIEWS.findIndex((kind) => kind?.name === name);
}

/** A buffer or view of these bytes, a copy unless it may be shared; undefined when the kind is unknown or the bytes do not fit it. */
export function reviveBytes(kind: number, bytes: Uint8Array, mayShare: boolean): ArrayBuffer | ArrayBufferView | undefined {
  if (kind === ARRAY_BUFFER_KIND) return bytes.slice().buffer;
  const View = VIEWS[kind];
  const size = View?.BYTES_PER_ELEMENT ?? 1;
  if (View === undefined || bytes.length % size !== 0) return undefined;
  const isShared = mayShare && bytes.length >= LARGE_BYTES && bytes.byteOffset % size === 0;
  const own = isShared ? bytes : bytes.slice();
  return new View(own.buffer, own.byteOffset, own.length / size);
}
