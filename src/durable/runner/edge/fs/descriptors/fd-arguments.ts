// The many ways in which bytes, offset, length and position are given to `read` and `write`. Undefined: Node refuses them, and says why itself.
type Position = number | bigint | null;

/** What a read is to fill. */
export interface ReadArguments {
  readonly buffer: NodeJS.ArrayBufferView;
  readonly offset: number;
  readonly length: number;
  readonly position: Position;
}

/** What a write takes. */
export interface WriteArguments {
  readonly bytes: Uint8Array;
  readonly position: number | null;
}

/** Bytes of a view, of the same memory. */
export const bytesOf = (view: NodeJS.ArrayBufferView): Uint8Array => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

/** Whether a value is a view of bytes. */
export const isView = (value: unknown): value is NodeJS.ArrayBufferView => ArrayBuffer.isView(value);
const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

interface Options {
  readonly buffer?: unknown;
  readonly offset?: unknown;
  readonly length?: unknown;
  readonly position?: unknown;
}
const isOptions = (value: unknown): value is Options => typeof value === 'object' && !isView(value);

function positionOf(value: unknown): Position | undefined {
  if (value === undefined || value === null || value === -1 || value === -1n) return null;
  if (typeof value === 'bigint') return value >= 0n ? value : undefined;
  return isCount(value) ? value : undefined;
}

function checkedRead(buffer: unknown, given: Options): ReadArguments | undefined {
  if (!isView(buffer)) return undefined;
  const offset = given.offset ?? 0;
  const length = given.length ?? (isCount(offset) ? buffer.byteLength - offset : 0);
  const position = positionOf(given.position);
  if (position === undefined || !isCount(offset) || !isCount(length) || length >= 2 ** 31) return undefined;
  if (length > 0 && (buffer.byteLength === 0 || offset + length > buffer.byteLength)) return undefined;
  return { buffer, offset, length, position };
}

const DEFAULT_BYTES = 16 * 1024;

/** @param args what stands behind the descriptor, without a callback */
export function readArguments(args: readonly unknown[], mayMakeBuffer: boolean): ReadArguments | undefined {
  const [first, second, length, position] = args;
  if (mayMakeBuffer && !isView(first)) {
    if (first !== undefined && !isOptions(first)) return undefined;
    const options = first ?? {};
    return checkedRead(options.buffer ?? Buffer.alloc(DEFAULT_BYTES), options);
  }
  if (args.length <= 2 || typeof second === 'object') return isOptions(second ?? {}) ? checkedRead(first, second ?? {}) : undefined;
  // An explicit length that is no number counts as none.
  return checkedRead(first, { offset: second, length: typeof length === 'number' ? length : length === undefined ? 0 : length, position });
}

/** As `readArguments`. */
export function writeArguments(args: readonly unknown[]): WriteArguments | undefined {
  const [data, second, third, fourth] = args;
  if (typeof data === 'string') {
    const encoding = third ?? 'utf8';
    if (typeof encoding !== 'string' || !Buffer.isEncoding(encoding)) return undefined;
    return { bytes: Buffer.from(data, encoding), position: typeof second === 'number' && second >= 0 ? second : null };
  }
  if (!isView(data)) return undefined;
  const { offset, length, position }: Options =
    typeof second === 'object' && second !== null ? second : { offset: second, length: third, position: fourth };
  const from = offset ?? 0;
  if (!isCount(from)) return undefined;
  const count = typeof length === 'number' ? length : data.byteLength - from;
  if (!isCount(count) || from + count > data.byteLength) return undefined;
  return { bytes: bytesOf(data).subarray(from, from + count), position: isCount(position) ? position : null };
}

/** A list of buffers and a position. */
export function vectorArguments(
  args: readonly unknown[],
): { readonly buffers: readonly NodeJS.ArrayBufferView[]; readonly position: number | null } | undefined {
  const [buffers, position] = args;
  if (!Array.isArray(buffers) || !buffers.every(isView)) return undefined;
  return { buffers, position: isCount(position) ? position : null };
}
