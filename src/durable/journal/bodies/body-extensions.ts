// Values with a body: what settleBodies has read is written with them. Without it they are live.
import { JOURNAL_TAG, type ValueExtension } from '../../../wire/index.ts';
import type { NodeKinds } from '../values/node-kinds.ts';
import { bytes, bytesOrNull, flag, number, pairs, parts, text } from '../values/payload.ts';
import { headOf, responseFrom, type ResponseBody } from './response-head.ts';

type Bodies = ReadonlyMap<object, Uint8Array>;

function bodyOf(value: { readonly body: unknown; readonly bodyUsed: boolean }, bodies: Bodies): Uint8Array | null {
  return bodies.get(value) ?? null;
}

function isReadable(value: { readonly body: unknown; readonly bodyUsed: boolean }, bodies: Bodies): boolean {
  return bodies.has(value) || value.bodyUsed || value.body === null || value.body === undefined;
}

function responses(kinds: NodeKinds, bodies: Bodies): ValueExtension {
  return {
    tag: JOURNAL_TAG.RESPONSE,
    name: 'Response',
    matches: (value) => kinds.isFetchObject('Response', value) && isReadable(value, bodies),
    encode(value) {
      if (!kinds.isFetchObject('Response', value)) return null;
      const { status, statusText, url, redirected, type, headers } = headOf(value);
      return [status, statusText, url, redirected, type, headers, bodyOf(value, bodies)];
    },
    decode(payload) {
      const [status, statusText, url, redirected, type, headers, body] = parts(payload, 7);
      const head = { status: number(status), statusText: text(statusText), url: text(url), redirected: flag(redirected), type: text(type) };
      return responseFrom({ ...head, headers: pairs(headers) }, bytesOrNull(body) as ResponseBody);
    },
  };
}

function requests(kinds: NodeKinds, bodies: Bodies): ValueExtension {
  return {
    tag: JOURNAL_TAG.REQUEST,
    name: 'Request',
    matches: (value) => kinds.isFetchObject('Request', value) && isReadable(value, bodies),
    encode(value) {
      if (!kinds.isFetchObject('Request', value)) return null;
      return [value.url, value.method, [...value.headers], bodyOf(value, bodies)];
    },
    decode(payload) {
      const [url, method, headers, body] = parts(payload, 4);
      const content = bytesOrNull(body);
      return new Request(text(url), { method: text(method), headers: pairs(headers), ...(content === null ? {} : { body: content }) });
    },
  };
}

function files(bodies: Bodies): ValueExtension {
  return {
    tag: JOURNAL_TAG.FILE,
    name: 'File',
    matches: (value) => value instanceof File && bodies.has(value),
    encode(value) {
      if (!(value instanceof File)) return null;
      return [value.name, value.type, value.lastModified, bodies.get(value)];
    },
    decode(payload) {
      const [name, type, lastModified, body] = parts(payload, 4);
      return new File([bytes(body)], text(name), { type: text(type), lastModified: number(lastModified) });
    },
  };
}

function blobs(bodies: Bodies): ValueExtension {
  return {
    tag: JOURNAL_TAG.BLOB,
    name: 'Blob',
    matches: (value) => value instanceof Blob && bodies.has(value),
    encode(value) {
      return value instanceof Blob ? [value.type, bodies.get(value)] : null;
    },
    decode(payload) {
      const [type, body] = parts(payload, 2);
      return new Blob([bytes(body)], { type: text(type) });
    },
  };
}

function streams(kinds: NodeKinds, bodies: Bodies): ValueExtension {
  return {
    tag: JOURNAL_TAG.STREAM,
    name: 'stream',
    matches: (value) => typeof value === 'object' && value !== null && bodies.has(value),
    encode(value) {
      if (typeof value !== 'object' || value === null) return null;
      return [bodies.get(value), 'transformToString' in value];
    },
    decode(payload) {
      const [body, sdk] = parts(payload, 2);
      return kinds.streamFrom(bytes(body), flag(sdk));
    },
  };
}

/** Files stand before blobs, which they are too; streams take what is left of the bodies. */
export function bodyExtensions(kinds: NodeKinds, bodies: Bodies): readonly ValueExtension[] {
  return [responses(kinds, bodies), requests(kinds, bodies), files(bodies), blobs(bodies), streams(kinds, bodies)];
}
