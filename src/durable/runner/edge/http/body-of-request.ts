// What a ClientRequest wrote to its socket, less the head: the body, and the trailers after a chunked one.

const CRLF = '\r\n';

/** The body of a request. */
export interface RequestBody {
  readonly body: Buffer;
  /** Name and value in turn. */
  readonly trailers: readonly string[];
}

/** @param written everything, from the request line on @param isChunked whether the body is in chunks */
export function bodyOfRequest(written: Buffer, isChunked: boolean): RequestBody {
  const head = written.indexOf('\r\n\r\n');
  const body = head < 0 ? Buffer.alloc(0) : written.subarray(head + 4);
  return isChunked ? dechunked(body) : { body, trailers: [] };
}

function dechunked(bytes: Buffer): RequestBody {
  const parts: Buffer[] = [];
  let at = 0;
  while (at < bytes.length) {
    const end = bytes.indexOf(CRLF, at);
    if (end < 0) break;
    const size = Number.parseInt(bytes.toString('latin1', at, end), 16);
    if (!(size > 0)) return { body: Buffer.concat(parts), trailers: trailersIn(bytes.toString('latin1', end + CRLF.length)) };
    const from = end + CRLF.length;
    parts.push(bytes.subarray(from, from + size));
    at = from + size + CRLF.length;
  }
  return { body: Buffer.concat(parts), trailers: [] };
}

function trailersIn(text: string): readonly string[] {
  return text.split(CRLF).flatMap((line) => {
    const colon = line.indexOf(':');
    return colon < 0 ? [] : [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
}
