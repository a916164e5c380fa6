// Faults in what stores promise: lists that never lie, and removals that harm nobody.
import type { Control } from '../control.ts';

const FOLDER_TEST = 'test/stores/folder-store.test.ts';
const SEAL_TEST = 'src/durable/engines/seal/seal.test.ts';
const SECRETS_TEST = 'src/platform/secrets/secrets.test.ts';
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
    name: 'a sealed row opens at any place',
    rule: 'A seal opens at its own place only',
    file: 'src/durable/engines/seal/session-seal.ts',
    text: '=> `row ${session} ${firstSeq} ${count}`;',
    fault: '=> `row ${session} ${firstSeq * 0} ${count * 0}`;',
    noticedBy: [{ file: SEAL_TEST, only: 'at its own place' }],
    isQuick: true,
  },
  {
    name: 'rows in the clear are taken among sealed ones',
    rule: 'A session is sealed from its first row to its last, or not at all',
    file: 'src/durable/engines/seal/session-seal.ts',
    text: '    if (!isSealed(row.bytes)) throw damaged(',
    fault: '    if (!isSealed(row.bytes)) return row;\n    if (row.count < 0) throw damaged(',
    noticedBy: [{ file: SEAL_TEST, only: 'in the clear was put behind' }],
  },
  {
    name: 'rows that were cut off a sealed session are not missed',
    rule: 'Rows that were cut off at the end are missed',
    file: 'src/durable/engines/seal/sealed-head.ts',
    text: '  if (events < least) throw',
    fault: '  if (events < least - 100) throw',
    noticedBy: [{ file: SEAL_TEST, only: 'the last row was cut off' }],
  },
  {
    name: 'the beginning of a secret at the end of a piece is shown',
    rule: 'A secret is found however it is cut',
    file: 'src/platform/secrets/byte-scrubber.ts',
    text: 'const LEAST_HELD = 4;',
    fault: 'const LEAST_HELD = 400;',
    noticedBy: [{ file: SECRETS_TEST, only: 'byte by byte' }],
  },
  {
    name: 'the constructor of a Secret does not wait for the command',
    rule: 'A Secret is known before anything of it is printed',
    file: 'src/durable/runner/program/run.ts',
    text: '    onSecretMade((text) => this.#secretMade(text));\n',
    fault: '',
    noticedBy: [{ file: 'test/cli/secrets.test.ts', only: 'without a seal' }],
  },
];
