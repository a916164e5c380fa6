// A boundary object that the program hands to an inline package: an ORM that is given a database whose driver is an add-on.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { buildProgram, killAfter, run } from './support/program.ts';

const FILES = {
  'node_modules/kit/package.json': '{ "name": "kit", "type": "module", "exports": "./index.js" }',
  // As an add-on: what it does is seen by nobody.
  'node_modules/kit/index.js': `
    export class Database {
      constructor(file) { this.file = file; }
      exec(text) { globalThis.addonWrites(this.file, text); return text.length; }
    }`,
  'node_modules/orm/package.json': '{ "name": "orm", "type": "module", "exports": "./index.js" }',
  'node_modules/orm/index.js': `
    export class Orm {
      constructor({ dialect }) { this.dialect = dialect; }
      insert(row) { return this.dialect.db.exec('insert ' + row); }
    }
    export const orm = (options) => new Orm(options);
    export const shout = (text) => text.toUpperCase();`,
  'main.ts': `
    import { Database } from 'kit';
    import { Orm, orm, shout } from 'orm';
    export default async ({ data: { file } }) => {
      const db = new Database(file);
      const one = new Orm({ dialect: { db } });
      const a = one.insert(shout('a'));
      await new Promise((resolve) => setTimeout(resolve, 1));
      const b = orm({ dialect: { db } }).insert('bb');
      await new Promise((resolve) => setTimeout(resolve, 1));
      return [a, b, shout('c')];
    };`,
};

Object.assign(globalThis, { addonWrites: (file: string, text: string) => appendFileSync(file, `${text}\n`) });

test('what an inline package does with an object of a boundary is recorded, and not done again on replay', async () => {
  using built = await buildProgram(FILES);
  const file = path.join(built.folder, 'out.txt');
  const written = (): string => readFileSync(file, 'utf8');
  const first = await run(built, { data: { file } });
  assert.deepEqual(first.outcome, { how: 'done', value: [8, 9, 'C'], dropped: [] });
  assert.equal(written(), 'insert A\ninsert bb\n');
  const again = await run(built, { data: { file }, history: first.events, strict: true });
  assert.deepEqual([again.outcome, again.appended], [first.outcome, []]);
  assert.equal(written(), 'insert A\ninsert bb\n');
  for (let n = 2; n < first.events.length; n++) {
    rmSync(file);
    const left = await killAfter(built, n, { data: { file } });
    const resumed = await run(built, { data: { file }, history: left });
    assert.deepEqual(resumed.outcome, first.outcome, `resumed after ${n}`);
    const lines = written().trim().split('\n');
    assert.ok(lines.length <= 3 && new Set(lines).size === 2, `after ${n}: ${lines.join()}`);
  }
});
