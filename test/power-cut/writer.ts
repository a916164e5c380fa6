// Appends rows to a journal and says so: `A<number>` for each row that is committed. The program that power cuts and failures hit.
//   writer.ts FOLDER COUNT SYNCHRONOUS BYTES REOPEN: rows from the next one on, opened again after each REOPEN rows (0: never)
// SYNCHRONOUS is NORMAL or OFF for the controls; `own` gives none, so that what the product does by itself is what is tested.
import { openSqliteJournal, type SqliteJournal } from '../../src/durable/engines/index.ts';
import { codeOf } from '../../src/base/errors/errors.ts';
import { writeSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { SESSION, rowOf } from './rows.ts';

const [folder = '', count = '0', synchronous = 'own', bytes = '180', reopen = '0'] = process.argv.slice(2);

function open(): SqliteJournal {
  if (synchronous === 'own') return openSqliteJournal({ folder });
  return openSqliteJournal({ folder, unsafeSynchronousForPowerCutTest: synchronous as 'NORMAL' | 'OFF' });
}

try {
  let journal = open();
  writeSync(2, `generation ${journal.generation}\n`);
  const first = journal.nextSeq(SESSION);
  for (let seq = first; seq < first + Number(count); seq++) {
    if (Number(reopen) > 0 && seq > first && (seq - first) % Number(reopen) === 0) {
      journal.close();
      journal = open();
    }
    journal.append([rowOf(seq, Number(bytes))]);
    writeSync(1, `A${seq}\n`);
    // As an owner: what follows an answer may take other threads, and turns go by between commits.
    journal.afterAnswer();
    await nextTurn();
  }
  journal.close();
} catch (error) {
  writeSync(2, `${codeOf(error) ?? 'no code'}: ${String(error)}\n`);
  process.exit(4);
}
