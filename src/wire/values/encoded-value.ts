/** A written value: pieces to be sent one after the other. Large buffers of the value are among them by reference. */
export interface EncodedValue {
  readonly chunks: readonly Uint8Array[];
  readonly byteLength: number;
}
