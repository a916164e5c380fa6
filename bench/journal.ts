// Appends to the journal beside a plain insert loop on the same disk, interleaved. `node bench/journal.ts [SLICES]`
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteJournal } from '../src/durable/engines/index.ts';
import { encodeRowBytes } from '../src/durable/journal/row-codec.ts';

const SLICE = 200;
const slices = Number(process.argv[2] ?? 12);
const place = mkdtempSync(join(tmpdir(), 'resprout-bench-'));
const session = 'ses_00000000000000000000000000';
const bytes = encodeRowBytes([{ t: 'signal', name: 'n', value: new Uint8Array(150), atMs: 1 }]);

const plain = new DatabaseSync(join(place, 'plain.db'));
plain.exec('pragma journal_mode = wal; pragma synchronous = full; create table rows (n integer primary key, bytes blob)');
const insert = plain.prepare('insert into rows values (?, ?)');
const journal = openSqliteJournal({ folder: join(place, 'run') });

let inserted = 0;
let appended = 0;
const ratios: number[] = [];
const floors: number[] = [];
const ours: number[] = [];
for (let slice = 0; slice < slices; slice++) {
  let start = performance.now();
  for (let count = 0; count < SLICE; count++) insert.run(inserted++, bytes);
  const floor = performance.now() - start;
  start = performance.now();
  for (let count = 0; count < SLICE; count++) journal.append([{ session, firstSeq: appended++, count: 1, bytes }]);
  const mine = performance.now() - start;
  floors.push((floor / SLICE) * 1000);
  ours.push((mine / SLICE) * 1000);
  ratios.push(floor / mine);
}
const median = (list: readonly number[]): number => list.toSorted((one, other) => one - other)[Math.floor(list.length / 2)] ?? 0;
console.log(
  `insert ${median(floors).toFixed(0)} us, append ${median(ours).toFixed(0)} us, ratio ${median(ratios).toFixed(2)} (medians of ${slices} slices)`,
);
const start = performance.now();
const events = journal.verify();
console.log(`${events} events read and checked in ${(performance.now() - start).toFixed(0)} ms`);
journal.close();
plain.close();
rmSync(place, { recursive: true, force: true });
