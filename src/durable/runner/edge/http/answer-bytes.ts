import { pairs, type Answer, type Information } from './exchange.ts';

/** An answer as it comes over a connection, for Node's own parser. `ends`: the connection ends with it. */
export interface AnswerBytes {
  readonly bytes: Buffer;
  readonly ends: boolean;
}

const CRLF = '\r\n';
const hasNoBody = (method: string, status: number): boolean => method === 'HEAD' || status === 204 || status === 304;

function headBytes(version: string, { status, message, head }: Information): Buffer {
  const lines = [`HTTP/${version} ${status} ${message}`, ...pairs(head).map(([name, value]) => `${name}: ${value}`), '', ''];
  return Buffer.from(lines.join(CRLF), 'latin1');
}

/** Writes an answer as HTTP/1.1. One that was cut stays cut. */
export function answerBytes(method: string, answer: Answer): AnswerBytes {
  const { before = [], version, status, head, body, trailers, cut } = answer;
  const named = pairs(head);
  const isChunked = named.some(([name, value]) => name.toLowerCase() === 'transfer-encoding' && /chunked/i.test(value));
  const isCounted = named.some(([name]) => name.toLowerCase() === 'content-length');
  const parts: Buffer[] = [...before, answer].map((one) => headBytes(version, one));
  if (hasNoBody(method, status)) return { bytes: Buffer.concat(parts), ends: false };
  if (!isChunked) {
    parts.push(body);
    return { bytes: Buffer.concat(parts), ends: cut || !isCounted };
  }
  if (body.length > 0) parts.push(Buffer.from(body.length.toString(16) + CRLF), body, Buffer.from(CRLF));
  if (!cut) parts.push(Buffer.from(['0', ...pairs(trailers).map(([name, value]) => `${name}: ${value}`), '', ''].join(CRLF), 'latin1'));
  return { bytes: Buffer.concat(parts), ends: cut };
}
