import { unsafe } from '../journal-errors.ts';

/** Older ones can corrupt a file in WAL mode that two connections use (fixed in 3.51.3). */
const OLDEST = [3, 51, 3] as const;

/** @throws ResproutError STORE_UNSAFE when the SQLite of this Node is too old */
export function checkSqliteVersion(version: string | undefined = process.versions['sqlite']): void {
  const parts = (version ?? '0').split('.').map(Number);
  for (const [index, wanted] of OLDEST.entries()) {
    const part = parts[index] ?? 0;
    if (part > wanted) return;
    if (part < wanted || Number.isNaN(part))
      throw unsafe('a journal', `this Node brings SQLite ${version ?? 'none'}, which can damage it`, 'Use Node 24.18 or newer');
  }
}
