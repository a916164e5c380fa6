/** A written value: pieces to be sent one after the other. Large buffers of the value are among them by reference. */
export interface EncodedValue {
  readonly chunks: readonly Uint8Array[];
  readonly byteLength: number;
}

/** Chunks as one new buffer. */
export function joinChunks(encoded: EncodedValue): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(encoded.byteLength);
  let at = 0;
  for (const chunk of encoded.chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
