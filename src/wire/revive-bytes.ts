import { BYTES_KINDS, LARGE_BYTES } from './value-tags.ts';

interface ViewConstructor {
  readonly BYTES_PER_ELEMENT?: number;
  new (buffer: ArrayBufferLike, byteOffset?: number, length?: number): ArrayBufferView;
}

const CONSTRUCTORS: Readonly<Partial<Record<(typeof BYTES_KINDS)[number], ViewConstructor>>> = {
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
  ...(typeof Float16Array === 'undefined' ? {} : { Float16Array }),
};

/** A buffer or view of these bytes, a copy unless it may be shared; undefined when the kind is unknown or the bytes do not fit it. */
export function reviveBytes(kind: number, bytes: Uint8Array, mayShare: boolean): ArrayBuffer | ArrayBufferView | undefined {
  const name = BYTES_KINDS[kind];
  if (name === undefined) return undefined;
  if (name === 'ArrayBuffer') return bytes.slice().buffer;
  const make = CONSTRUCTORS[name];
  const size = make?.BYTES_PER_ELEMENT ?? 1;
  if (make === undefined || bytes.length % size !== 0) return undefined;
  const isShared = mayShare && bytes.length >= LARGE_BYTES && bytes.byteOffset % size === 0;
  const own = isShared ? bytes : bytes.slice();
  return new make(own.buffer, own.byteOffset, own.length / size);
}
