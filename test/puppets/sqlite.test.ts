// node:sqlite: calls with their data; a file is opened again after a crash, and what only the connection had is lost with a code.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { everyWay, type Ways } from '../edge/support/ways.ts';

const LOST = ['LIVE_OBJECT_LOST'];

/** Programs over a database in a file `FILE`, with what may happen after a kill. */
const PROGRAMS: Readonly<Record<string, readonly [text: string, ways?: Ways]>> = {
  'rows, statements and errors': [
    `
    import { DatabaseSync, StatementSync } from 'node:sqlite';
    export default async () => {
      const db = new DatabaseSync('FILE'); const seen = [db instanceof DatabaseSync, db.isOpen, db.isTransaction];
      db.exec('create table if not exists a (id integer primary key, name text, data blob)');
      const insert = db.prepare('insert or replace into a (id, name, data) values (?, ?, ?)');
      seen.push(insert.run(1, 'one', new Uint8Array([1])), insert.run(2, null, null), insert instanceof StatementSync, insert.sourceSQL);
      const row = db.prepare('select * from a where id = $id').get({ $id: 1 });
      seen.push(row, Object.getPrototypeOf(row), db.prepare('select name from a').all(), db.prepare('select 1 where 0').get());
      const big = db.prepare('select id from a'); big.setReadBigInts(true); seen.push(big.get()); big.setReturnArrays(true); seen.push(big.all(), big.columns()[0].name);
      try { db.exec('nope'); } catch (error) { seen.push(error.code, error.errcode, error.errstr, error.message); }
      try { db.prepare('select * from missing'); } catch (error) { seen.push(error.errcode); }
      db.close(); seen.push(db.isOpen);
      try { db.exec('select 1'); } catch (error) { seen.push(error.code, error.message); }
      return seen;
    };`,
  ],
  'a database at module level, read behind pauses': [
    `
    import { DatabaseSync } from 'node:sqlite';
    import { setTimeout as delay } from 'node:timers/promises';
    const db = new DatabaseSync('FILE');
    db.exec('drop table if exists a; create table a (x); pragma foreign_keys = on; attach ":memory:" as other');
    const insert = db.prepare('insert into a values (?)');
    export default async () => {
      insert.run(1); await delay(1); insert.run(2); await delay(1);
      using again = new DatabaseSync('FILE', { readOnly: true });
      return [db.prepare('select sum(x) as sum from a').get().sum >= 3, db.prepare('pragma foreign_keys').get().foreign_keys, again.prepare('select min(x) as m from a').get().m, db.prepare('pragma database_list').all().length];
    };`,
  ],
  'iteration, read ahead': [
    `
    import { DatabaseSync } from 'node:sqlite';
    import { setTimeout as delay } from 'node:timers/promises';
    export default async () => {
      const db = new DatabaseSync('FILE');
      db.exec('drop table if exists a; create table a (x integer primary key); with recursive n(i) as (select 1 union all select i + 1 from n where i < 250) insert into a select i from n');
      let sum = 0; let rows = 0;
      for (const { x } of db.prepare('select x from a order by x').iterate()) { sum += x; if (++rows % 120 === 0) await delay(1); }
      for (const row of db.prepare('select x from a').iterate()) if (row.x > 3) break;
      return [sum, rows, db.prepare('select x from a where x < ?').iterate(4).map((row) => row.x).toArray(), [...db.prepare('insert or replace into a values (1) returning x').iterate()]];
    };`,
  ],
  'functions of the program run inside the call': [
    `
    import { DatabaseSync } from 'node:sqlite';
    import { setTimeout as delay } from 'node:timers/promises';
    export default async () => {
      const db = new DatabaseSync('FILE'); let calls = 0;
      db.function('twice', { deterministic: true }, (x) => { calls++; return x * 2; });
      db.aggregate('total_of', { start: 0, step: (sum, x) => sum + x });
      const one = db.prepare('select twice(21) as y').get().y;
      await delay(1);
      return [one, db.prepare('select total_of(twice(value)) as y from json_each(?)').get('[1,2,3]').y];
    };`,
  ],
  'tags, changes and limits': [
    `
    import { DatabaseSync } from 'node:sqlite';
    export default async () => {
      const db = new DatabaseSync('FILE'); db.exec('drop table if exists a; create table a (x integer primary key, y)');
      const changes = db.createSession({ table: 'a' });
      const sql = db.createTagStore(10); const seen = [sql.run\`insert into a values (\${1}, \${'y'})\`.changes, sql.get\`select y from a where x = \${1}\`, sql.size, sql.db === db];
      const set = changes.changeset(); seen.push(set instanceof Uint8Array, set.length > 0); changes.close();
      db.exec('delete from a'); seen.push(db.applyChangeset(set), sql.all\`select * from a\`);
      return [...seen, typeof db.limits.length, db.location() !== null];
    };`,
    { coded: LOST },
  ],
  'a copy of a database': [
    `
    import { DatabaseSync, backup } from 'node:sqlite';
    export default async () => {
      const db = new DatabaseSync('FILE'); db.exec('drop table if exists a; create table a (x); insert into a values (7)');
      const pages = await backup(db, 'FILE.copy');
      return [pages > 0, new DatabaseSync('FILE.copy').prepare('select x from a').get().x];
    };`,
  ],
  'an own class, in memory': [
    `
    import { DatabaseSync } from 'node:sqlite';
    class Store extends DatabaseSync { constructor() { super(':memory:'); } count() { return this.prepare('select count(*) as n from a').get().n; } }
    export default async () => { const store = new Store(); store.exec('create table a (x); insert into a values (1), (2)'); return [store.count(), store instanceof Store, store instanceof DatabaseSync]; };`,
    { coded: LOST },
  ],
};

function over(text: string, ways: Ways | undefined): ReturnType<typeof everyWay> {
  const folder = mkdtempSync(path.join(tmpdir(), 'sqlite-'));
  const reset = (): void => {
    for (const name of ['d', 'd-wal', 'd-journal', 'd.copy']) rmSync(path.join(folder, name), { force: true });
  };
  return everyWay(text.replaceAll('FILE', path.join(folder, 'd')), { ...ways, reset }).finally(() => rmSync(folder, { recursive: true }));
}

for (const [name, [text, ways]] of Object.entries(PROGRAMS)) test(name, async () => void (await over(text, ways)));

test('a transaction that is cut is lost, and no money is made', async () => {
  const { came } = await over(
    `
    import { DatabaseSync } from 'node:sqlite';
    import { setTimeout as delay } from 'node:timers/promises';
    export default async () => {
      const db = new DatabaseSync('FILE');
      db.exec("drop table if exists a; create table a (who text, cents integer); insert into a values ('ann', 500), ('ben', 100)");
      try {
        db.exec('begin');
        db.exec("update a set cents = cents - 200 where who = 'ann'");
        await delay(1);
        db.exec("update a set cents = cents + 200 where who = 'ben'");
        db.exec('commit');
      } catch (error) { if (error.code !== 'LIVE_OBJECT_LOST') throw error; }
      db.close();
      return new DatabaseSync('FILE').prepare('select sum(cents) as total from a').get().total;
    };`,
    {},
  );
  assert.deepEqual(came, { value: 600 });
});
