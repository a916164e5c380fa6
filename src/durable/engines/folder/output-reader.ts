// Reads the output of a session from the files of its folder, over their change: the file that is written becomes the old one at any time.
import { GrowingFile } from '../../../platform/disk/growing-file.ts';
import type { OutputPiece, OutputReader } from '../../journal/sessions/output-log.ts';
import { storeFailed } from '../journal-errors.ts';
import { isSealedText, type SessionSeal } from '../seal/session-seal.ts';
import { OUTPUT_FILES } from './output-file.ts';

function writerOf(stream: unknown, context: unknown): OutputPiece['from'] | undefined {
  if (stream === 'stdout' || stream === 'stderr') return { stream };
  return typeof context === 'string' ? { context } : undefined;
}

/** A line of the file; undefined for what is none: a write that a full disk cut, or text of a stranger. */
function pieceOf(line: string): OutputPiece | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { atMs, stream, context, text, base64 } = value as Readonly<Record<string, unknown>>;
  if (typeof atMs !== 'number' || !Number.isFinite(atMs)) return undefined;
  const from = writerOf(stream, context);
  if (from === undefined) return undefined;
  if (typeof text === 'string') return { atMs, from, bytes: Buffer.from(text) };
  return typeof base64 === 'string' ? { atMs, from, bytes: Buffer.from(base64, 'base64') } : undefined;
}

/** One of the files, with the beginning of a line that is not whole yet. */
class Lines {
  readonly file: GrowingFile;
  readonly #decoder = new TextDecoder();
  #rest = '';

  constructor(file: GrowingFile) {
    this.file = file;
  }

  next(): string[] {
    const lines = `${this.#rest}${this.#decoder.decode(this.file.next(), { stream: true })}`.split('\n');
    this.#rest = lines.pop() ?? '';
    return lines;
  }
}

/** Owns the files that it has open. */
export class OutputFiles implements OutputReader {
  readonly #folder: string;
  readonly #sealOf: () => Promise<SessionSeal | undefined>;
  #current: Lines | undefined;

  /**
   * @param folder of the session; what it has printed need not be there
   * @param sealOf asked when a line is sealed
   */
  constructor(folder: string, sealOf: () => Promise<SessionSeal | undefined> = async () => undefined) {
    this.#folder = folder;
    this.#sealOf = sealOf;
  }

  async next(): Promise<readonly OutputPiece[]> {
    try {
      const lines = this.#read();
      const seal = lines.some(isSealedText) ? await this.#sealOf() : undefined;
      return lines.map((line) => pieceOf(seal?.openText('output', line) ?? line)).filter((piece) => piece !== undefined);
    } catch (error) {
      throw storeFailed(`the output in ${this.#folder}`, error);
    }
  }

  #read(): string[] {
    const lines: string[] = [];
    // What was `now` at the last look may be `old` by now, and its last lines are read before the new one is begun.
    for (const name of [OUTPUT_FILES.old, OUTPUT_FILES.now]) {
      const file = GrowingFile.open(`${this.#folder}/${name}`);
      if (file === undefined) continue;
      if (this.#current?.file.identity === file.identity) file.close();
      else if (name === OUTPUT_FILES.old && this.#current !== undefined && this.#isStillNow()) file.close();
      else {
        if (this.#current !== undefined) lines.push(...this.#current.next());
        this.#current?.file.close();
        this.#current = new Lines(file);
      }
      if (this.#current !== undefined) lines.push(...this.#current.next());
    }
    return lines;
  }

  /** Whether the file that is read is the one that is written: then the old one was read before. */
  #isStillNow(): boolean {
    const now = GrowingFile.open(`${this.#folder}/${OUTPUT_FILES.now}`);
    const isSame = now?.identity === this.#current?.file.identity;
    now?.close();
    return isSame;
  }

  async close(): Promise<void> {
    this.#current?.file.close();
    this.#current = undefined;
  }
}
