// Faults in what stores promise: lists that never lie, and removals that harm nobody.
import type { Control } from '../control.ts';

const FOLDER_TEST = 'test/stores/folder-store.test.ts';
const BUILDS_TEST = 'src/modules/build/unused-builds.test.ts';

export const STORES: readonly Control[] = [
  {
    name: 'two commits are under way',
    rule: 'One commit is under way at a time',
    file: 'src/worker/owner/commit-queue.ts',
    text: '    if (this.#working !== undefined) return this.#working;\n',
    fault: '',
    noticedBy: [{ file: 'src/worker/owner/commit-queue.test.ts', only: 'has drained when' }],
    isQuick: true,
  },
  {
    name: 'a row of the index counts whatever became of the journal',
    rule: 'A row counts while the files of the journal are those it was written for',
    file: 'src/durable/engines/folder/folder-list.ts',
    text: '    if (!hasStamp(',
    fault: "    if (row.stamp === '?' && !hasStamp(",
    noticedBy: [{ file: FOLDER_TEST, only: 'notices a journal that was written to' }],
  },
  {
    name: 'what was read of files that somebody writes to is kept',
    rule: 'A list keeps what it read once nobody has written for a while',
    file: 'src/durable/engines/folder/read-digest.ts',
    text: ' && nowMs - before.modifiedMs >= QUIET_MS;',
    fault: ' && nowMs >= QUIET_MS;',
    noticedBy: [{ file: FOLDER_TEST, only: 'written to just now' }],
  },
  {
    name: 'a list goes on from a digest of another history',
    rule: 'A digest is of use for a journal that begins with just its events',
    file: 'src/durable/engines/sqlite/row-reader.ts',
    text: '    return last !== undefined && isSameTail(endOf(last), tail);',
    fault: '    return last !== undefined && endOf(last).nextSeq === tail.nextSeq;',
    noticedBy: [{ file: FOLDER_TEST, only: 'another history' }],
  },
  {
    name: 'rows of the index are not checked',
    rule: 'A row that was torn or changed is no row',
    file: 'src/durable/engines/folder/session-index.ts',
    text: '  if (sum !== sumOf(',
    fault: "  if (sum === '' && sum !== sumOf(",
    noticedBy: [{ file: FOLDER_TEST, only: 'does not pass its checks' }],
  },
  {
    name: 'builds go that were made just now',
    rule: 'Builds that were used within a day stay',
    file: 'src/modules/build/unused-builds.ts',
    text: 'const USED_MS = 24 * 3_600_000;',
    fault: 'const USED_MS = 0;',
    noticedBy: [{ file: BUILDS_TEST, only: 'within a day' }],
    isQuick: true,
  },
  {
    name: 'a build that is used again keeps its old time',
    rule: 'Whoever uses a build says so by its time',
    file: 'src/modules/build/build-store.ts',
    text: ' || this.#disk.touch(path);',
    fault: ' || path !== undefined;',
    noticedBy: [{ file: BUILDS_TEST, only: 'within a day' }],
  },
  {
    name: 'an import takes lines that were changed',
    rule: 'An import is taken when all of its bytes have the checksum of its last line',
    file: 'src/worker/transfer/imported-rows.ts',
    text: 'if (this.#digest.hex() !== end.sha256) throw',
    fault: "if (this.#digest.hex() === '') throw",
    noticedBy: [{ file: 'test/transfer/hostile.test.ts', only: 'text for people that was changed' }],
  },
  {
    name: 'an import takes records that were changed',
    rule: 'The rows of an import have the chained checksum that stands with them',
    file: 'src/worker/transfer/imported-rows.ts',
    text: "if (Buffer.from(this.#chain).toString('hex') !== chain) throw",
    fault: "if (chain === '') throw",
    noticedBy: [{ file: 'test/transfer/hostile.test.ts', only: 'rows of another length' }],
  },
  {
    name: 'an import is there before it is whole',
    rule: 'A session that is brought is whole or not there',
    file: 'src/durable/engines/folder/brought-session.ts',
    text: "export const COMING = '.new-';",
    fault: "export const COMING = '';",
    noticedBy: [{ file: 'test/transfer/transfer.test.ts', only: 'an import that is killed' }],
  },
];
