// Money moves between two accounts once, whatever is killed. The transaction is one call of the session, so no crash can leave it open; and it
// notes the call's key in the same transaction, so that a call that is made again after a crash finds that it was done.
//
//   resprout run examples/recipes/transaction.ts --data '{"from":"ada","to":"grace","cents":250}'
import { DatabaseSync } from 'node:sqlite';
import { activity, idempotencyKey } from 'resprout/durable';

interface Transfer {
  readonly from: string;
  readonly to: string;
  readonly cents: number;
}

const open = activity(function open(): void {
  using database = new DatabaseSync('bank.db');
  database.exec(`create table if not exists accounts (name text primary key, cents integer not null check (cents >= 0));
    create table if not exists done (key text primary key);
    insert or ignore into accounts values ('ada', 1000), ('grace', 0)`);
});

const transfer = activity(function transfer({ from, to, cents }: Transfer): void {
  using database = new DatabaseSync('bank.db');
  database.exec('begin immediate');
  const { changes } = database.prepare('insert or ignore into done values (?)').run(idempotencyKey());
  if (changes === 1) {
    database.prepare('update accounts set cents = cents - ? where name = ?').run(cents, from);
    database.prepare('update accounts set cents = cents + ? where name = ?').run(cents, to);
  }
  database.exec('commit');
});

const balances = activity(function balances(): Record<string, number> {
  using database = new DatabaseSync('bank.db', { readOnly: true });
  const rows = database.prepare('select name, cents from accounts order by name').all();
  return Object.fromEntries(rows.map(({ name, cents }) => [String(name), Number(cents)]));
});

export default async function main(event: { readonly data: Transfer }): Promise<Record<string, number>> {
  await open();
  await transfer(event.data);
  return await balances();
}
