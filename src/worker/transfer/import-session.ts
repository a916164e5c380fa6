import { ResproutError, codeOf } from '../../base/errors/errors.ts';
import type { JournalRow } from '../../durable/journal/journal-store.ts';
import { writeBuildFiles } from '../../modules/index.ts';
import { createDisk } from '../../platform/disk/disk.ts';
import { inStore } from '../../platform/system-error.ts';
import { openStore, type Store } from '../store/store.ts';
import type { EndLine } from './export-format.ts';
import { ImportedRows } from './imported-rows.ts';
import { readLines } from './read-lines.ts';

export interface ImportOptions {
  /** Folder of the store, absolute; made when it is missing. */
  readonly storeFolder: string;
  /** The bytes of an export, in pieces of any length, such as a stream of Node. */
  readonly input: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  /** Text of the command line, for others that meet the session while it is imported. */
  readonly command?: string | undefined;
  /** Gives up; nothing is imported then. An input that never ends is waited for as long. */
  readonly signal?: AbortSignal | undefined;
}

/** What was imported. */
export interface ImportResult {
  readonly sessionId: string;
  readonly events: number;
  /** How the session had ended; null: it had not, and can be resumed. */
  readonly ended: EndLine['ended'];
  /** Ids of its builds. */
  readonly builds: readonly string[];
  /** False: the store had the session already, with the same events. */
  readonly isNew: boolean;
}

/**
 * Takes a session in that `exportSession` has written: whole and checked, or not at all, also when the process is killed amid it. It is not run.
 * What is imported can be resumed, and runs the code that came with it: import only what you would run.
 * @throws ResproutError IMPORT_INVALID, IMPORT_TOO_NEW, IMPORT_CONFLICT, SESSION_HELD, STORE_UNSAFE, STORE_IO, what `input` throws, the reason of `signal`
 */
export async function importSession({ storeFolder, input, command = 'an import', signal }: ImportOptions): Promise<ImportResult> {
  const imported = await ImportedRows.open(readLines(input, signal));
  const store = openStore({ folder: storeFolder });
  const { session } = imported.header;
  const isNew = await inStore(store.folder, () => store.sessions.bring(session, rowsThenBuilds(store, imported), { command })).catch(
    (error: unknown) => {
      throw ofImport(error, session);
    },
  );
  const { end, builds } = imported;
  if (end === undefined) throw new ResproutError('INTERNAL', `the import of ${session} has ended before its end`);
  return { sessionId: session, events: end.events, ended: end.ended, builds, isNew };
}

/** Builds are written when everything was checked, and before the session is there: whoever finds it can run it. */
async function* rowsThenBuilds(store: Store, imported: ImportedRows): AsyncGenerator<JournalRow> {
  yield* imported.rows();
  writeBuildFiles(createDisk(), store.buildsFolder, imported.files);
}

/** Says what an error means for the import. */
function ofImport(error: unknown, session: string): unknown {
  if (!(error instanceof ResproutError)) return error;
  const { message, problem } = error;
  const tried = `import ${session}`;
  if (codeOf(error) === 'SESSION_HELD')
    return new ResproutError('SESSION_HELD', message, { ...problem, tried, do: 'Let that process end, then import again' });
  if (codeOf(error) !== 'STORE_IO') return error;
  const cure = problem.do?.replace(', then resume', '') ?? 'Check the disk';
  return new ResproutError(
    'STORE_IO',
    message,
    { ...problem, tried, kept: 'Nothing was imported', do: `${cure}, then import again` },
    { cause: error },
  );
}
