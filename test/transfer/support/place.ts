// Stores of one test file, and what goes from one to another.
import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeOf } from '../../../src/base/errors/errors.ts';
import { realRandom } from '../../../src/platform/random.ts';
import { realClock } from '../../../src/platform/time/clock.ts';
import { exportSession, importSession, newSessionId, type ExportResult } from '../../../src/worker.ts';

/** A folder with a program, and stores. */
export class Place implements Disposable {
  readonly folder: string = realpathSync(mkdtempSync(join(tmpdir(), 'resprout-transfer-')));
  readonly program: string = join(this.folder, 'program.ts');
  #stores = 0;

  constructor() {
    writeFileSync(join(this.folder, 'package.json'), '{"type":"module"}');
    writeFileSync(this.program, 'export const main = () => 1;\n');
  }

  /** Path of a store that is not there yet. */
  newStore(): string {
    return join(this.folder, `store-${this.#stores++}`);
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export const newId = (): string => newSessionId(realClock, realRandom);

export const hasCode =
  (code: string, says = /./) =>
  (error: unknown): boolean =>
    codeOf(error) === code && says.test(String(error));

export async function exported(storeFolder: string, sessionId: string): Promise<{ readonly text: string; readonly result: ExportResult }> {
  const pieces: Uint8Array[] = [];
  const result = await exportSession({ storeFolder, sessionId, write: (line) => void pieces.push(line.slice()) });
  return { text: Buffer.concat(pieces).toString(), result };
}

export const imported = async (storeFolder: string, text: string | Uint8Array): ReturnType<typeof importSession> =>
  await importSession({ storeFolder, input: [typeof text === 'string' ? Buffer.from(text) : text] });

/** Everything in a store that tells of a session: its runs and its builds. */
export const left = (store: string): string[] =>
  ['runs', 'builds'].flatMap((name) => (existsSync(join(store, name)) ? readdirSync(join(store, name)) : []));
