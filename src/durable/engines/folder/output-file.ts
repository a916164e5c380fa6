// The output of a session in two files of its folder, a piece a line of JSON: `output.log`, and before it `output.old.log`. Nothing is synced.
import { isUtf8 } from 'node:buffer';
import { toError } from '../../../base/errors/errors.ts';
import { AppendedFile } from '../../../platform/disk/appended-file.ts';
import type { OutputLog, OutputPiece } from '../../journal/sessions/output-log.ts';
import type { SessionSeal } from '../seal/session-seal.ts';

/** Bytes of one file; the session has twice as many at most. */
export const OUTPUT_FILE_BYTES: number = 8 * 1024 * 1024;

/** Names in the folder of the session. */
export const OUTPUT_FILES = { now: 'output.log', old: 'output.old.log' } as const;

/** A piece as a line of the file. */
export function outputLine({ atMs, from, bytes }: OutputPiece, seal?: SessionSeal): string {
  const who = 'stream' in from ? { stream: from.stream } : { context: from.context };
  const what = isUtf8(bytes) ? { text: Buffer.from(bytes).toString('utf8') } : { base64: Buffer.from(bytes).toString('base64') };
  const line = JSON.stringify({ atMs, ...who, ...what });
  return `${seal?.sealText('output', line) ?? line}\n`;
}

/** Owns the file that is written. */
export class OutputFile implements OutputLog {
  readonly #folder: string;
  readonly #seal: SessionSeal | undefined;
  readonly #limitBytes: number;
  #file: AppendedFile | undefined;
  #problem: Error | undefined;

  /** Opens nothing before something is printed. @param folder of the session. @param seal of a sealed session */
  constructor(folder: string, seal?: SessionSeal, limitBytes: number = OUTPUT_FILE_BYTES) {
    this.#folder = folder;
    this.#seal = seal;
    this.#limitBytes = limitBytes;
  }

  get problem(): Error | undefined {
    return this.#problem;
  }

  write(piece: OutputPiece): void {
    if (this.#problem !== undefined) return;
    try {
      const now = `${this.#folder}/${OUTPUT_FILES.now}`;
      this.#file ??= new AppendedFile(now);
      if (this.#file.bytes >= this.#limitBytes) {
        this.#file.close();
        this.#file = new AppendedFile(now, `${this.#folder}/${OUTPUT_FILES.old}`);
      }
      this.#file.append(outputLine(piece, this.#seal));
    } catch (error) {
      this.#problem = toError(error);
      this.#end();
    }
  }

  async close(): Promise<void> {
    this.#end();
  }

  #end(): void {
    this.#file?.close();
    this.#file = undefined;
  }
}
