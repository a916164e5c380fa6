// What does an append to the journal cost? Beside a plain insert on the same disk.
import path from 'node:path';
import { openSqliteJournal } from '../src/durable/engines/index.ts';
import { encodeRowBytes } from '../src/durable/journal/events/row-codec.ts';
import { each, inTurn, type Bench } from './support/bench.ts';
import { FLOOR, openFloor } from './support/insert-loop.ts';
import { runAlone } from './support/run-alone.ts';
import { workFolder } from './support/work-folder.ts';

const ROWS = 60;
const SLICES = 40;
const SESSION = 'ses_00000000000000000000000000';

export const bench: Bench = {
  name: 'journal',
  question: 'What does an append to the journal cost?',
  async run() {
    using folder = workFolder();
    const bytes = encodeRowBytes([{ t: 'signal', name: 'n', value: new Uint8Array(150), atMs: 1 }]);
    using floor = openFloor(path.join(folder.path, 'plain.db'));
    const journal = openSqliteJournal({ folder: path.join(folder.path, 'run') });
    try {
      let appended = 0;
      const append = (): void => {
        for (let count = 0; count < ROWS; count++) journal.append([{ session: SESSION, firstSeq: appended++, count: 1, bytes }]);
      };
      const taken = await inTurn(SLICES, { ours: append, theirs: () => floor.insert(ROWS, bytes.length) }, 3);
      if (journal.verify() !== appended) throw new Error('the journal does not hold what was appended');
      const us = (samples: readonly number[]): number[] => samples.map((ms) => each(ms, ROWS, 'us'));
      return [
        {
          figure: `append a row of ${bytes.length} bytes: epoch, expected number and checksum checked`,
          unit: 'us',
          ours: us(taken.ours),
          peer: FLOOR,
          theirs: us(taken.theirs),
        },
      ];
    } finally {
      journal.close();
    }
  },
};

if (import.meta.main) await runAlone(bench);
