// node:sqlite with iterate(): synchronous effects and a loop over rows that must never begin again in the middle.
import { DatabaseSync } from 'node:sqlite';

export default function main(event: { data: { file: string } }): unknown {
  const database = new DatabaseSync(event.data.file);
  database.exec('create table if not exists item (name text primary key, price integer) without rowid');
  const insert = database.prepare('insert or replace into item values (?, ?)');
  for (const [name, price] of [
    ['ann', 3],
    ['bob', 5],
    ['cy', 8],
  ] as const)
    insert.run(name, price);
  const names: string[] = [];
  let total = 0;
  for (const row of database.prepare('select name, price from item order by name').iterate()) {
    names.push(String(row['name']));
    total += Number(row['price']);
    database.prepare('update item set price = ? where name = ?').run(Number(row['price']) + 0, String(row['name']));
  }
  const count = database.prepare('select count(*) as n from item').get();
  database.close();
  return { names, total, count: Number(count?.['n']) };
}
