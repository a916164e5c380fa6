// Values without a body that the codec itself does not know.
import { JOURNAL_TAG, REMOTE_TAG, type ValueExtension } from '../../../wire/index.ts';
import { keys } from './key-extension.ts';
import type { NodeKinds } from './node-kinds.ts';
import { bytes, flag, pairs, parts, text } from './payload.ts';

const BOXES: ReadonlySet<unknown> = new Set([Number.prototype, String.prototype, Boolean.prototype, BigInt.prototype, Symbol.prototype]);

const symbols: ValueExtension = {
  tag: JOURNAL_TAG.SYMBOL,
  name: 'Symbol',
  matches: (value) => typeof value === 'symbol' && Symbol.keyFor(value) !== undefined,
  encode: (value) => (typeof value === 'symbol' ? Symbol.keyFor(value) : null),
  decode: (payload) => Symbol.for(text(payload)),
};

const searchParams: ValueExtension = {
  tag: JOURNAL_TAG.SEARCH_PARAMS,
  name: 'URLSearchParams',
  matches: (value) => value instanceof URLSearchParams,
  encode: (value) => String(value),
  decode: (payload) => new URLSearchParams(text(payload)),
};

const headers = (kinds: NodeKinds): ValueExtension => ({
  tag: JOURNAL_TAG.HEADERS,
  name: 'Headers',
  matches: (value) => kinds.isFetchObject('Headers', value),
  encode: (value) => (kinds.isFetchObject('Headers', value) ? [...value] : null),
  decode: (payload) => new Headers(pairs(payload)),
});

const formData = (kinds: NodeKinds): ValueExtension => ({
  tag: JOURNAL_TAG.FORM_DATA,
  name: 'FormData',
  matches: (value) => kinds.isFetchObject('FormData', value),
  encode: (value) => (kinds.isFetchObject('FormData', value) ? [...value] : null),
  decode(payload) {
    if (!Array.isArray(payload)) throw new TypeError('payload is not a list');
    const form = new FormData();
    for (const entry of payload) {
      const [name, content] = parts(entry, 2);
      form.append(text(name), content instanceof Blob ? content : text(content));
    }
    return form;
  },
});

/** A copy of a signal does not abort any more; an aborted one is aborted with its reason. */
const abortSignal: ValueExtension = {
  tag: JOURNAL_TAG.ABORT_SIGNAL,
  name: 'AbortSignal',
  matches: (value) => value instanceof AbortSignal,
  encode: (value) => (value instanceof AbortSignal ? [value.aborted, value.aborted ? value.reason : undefined] : null),
  decode(payload) {
    const [aborted, reason] = parts(payload, 2);
    return flag(aborted) ? AbortSignal.abort(reason) : new AbortController().signal;
  },
};

const boxed: ValueExtension = {
  tag: JOURNAL_TAG.BOXED,
  name: 'boxed primitive',
  matches: (value) => typeof value === 'object' && value !== null && BOXES.has(Object.getPrototypeOf(value)),
  encode: (value) => (typeof value === 'object' && value !== null ? value.valueOf() : null),
  decode(payload) {
    if (payload === undefined || payload === null || (typeof payload === 'object' && payload !== null))
      throw new TypeError('payload is not a primitive');
    return Object(payload) as object;
  },
};

function buffers(kinds: NodeKinds): ValueExtension {
  return {
    tag: REMOTE_TAG.BUFFER,
    name: 'Buffer',
    matches: (value) => kinds.isBuffer(value),
    encode: (value) => (kinds.isBuffer(value) ? new Uint8Array(value.buffer, value.byteOffset, value.length) : null),
    decode: (payload) => kinds.bufferFrom(bytes(payload)),
  };
}

/** In table order. A Secret has no entry: it is never written. */
export function dataExtensions(kinds: NodeKinds): readonly ValueExtension[] {
  return [buffers(kinds), symbols, searchParams, headers(kinds), formData(kinds), abortSignal, boxed, keys(kinds)];
}
