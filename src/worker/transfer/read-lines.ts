import { LINE_BYTES } from './export-format.ts';
import { invalid } from './invalid.ts';

const NEWLINE = 10;

/** A line with its number, from 1, without its end. */
export interface InputLine {
  readonly number: number;
  readonly bytes: Uint8Array;
}

/**
 * The lines of what comes in pieces. Each must have its end, and none may be longer than any line of an export.
 * @throws ResproutError IMPORT_INVALID, the reason of `signal`, and what `input` throws
 */
export async function* readLines(
  input: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<InputLine> {
  let rest: Uint8Array[] = [];
  let restBytes = 0;
  let number = 1;
  for await (const piece of input) {
    signal?.throwIfAborted();
    let at = 0;
    for (let end = piece.indexOf(NEWLINE); end >= 0; end = piece.indexOf(NEWLINE, at)) {
      checkLength(number, restBytes + end - at);
      yield { number: number++, bytes: Buffer.concat([...rest, piece.subarray(at, end)]) };
      rest = [];
      restBytes = 0;
      at = end + 1;
    }
    if (at === piece.length) continue;
    rest.push(piece.slice(at));
    restBytes += piece.length - at;
    checkLength(number, restBytes);
  }
  if (restBytes > 0) throw invalid(number, 'it is cut off: the line has no end');
}

function checkLength(number: number, bytes: number): void {
  if (bytes > LINE_BYTES) throw invalid(number, `the line is longer than ${LINE_BYTES} bytes, which no line of an export is`);
}
