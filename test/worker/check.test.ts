// What a check sees: a package that counts its loads in a file is another one in each process, and nothing of that is recorded. The session
// is the first load, the replay of the check the second, and the run that it cuts and resumes the third.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { checkSession } from '../../src/worker/index.ts';
import { openStore, readSession } from '../../src/worker.ts';
import { ownHere } from '../builds-calls/support/owned-here.ts';
import { stageProgram, type StagedProgram } from '../support/programs.ts';

const ID = 'ses_01m86ak2dbn1cm6kytd3q47vkc';
const COUNTER = `
const fs = require('node:fs');
const file = require('node:path').join(__dirname, 'loads');
exports.load = Number(fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : 0) + 1;
fs.writeFileSync(file, String(exports.load));
`;

interface Staged {
  readonly program: StagedProgram;
  readonly session: Parameters<typeof ownHere>[1];
}

/** Runs a program to its end. @param body of its entry, which has the number of the process as `load` */
async function ran(body: string): Promise<Staged> {
  const program = stageProgram();
  program.write('node_modules/loads/package.json', '{ "name": "loads", "version": "1.0.0", "main": "index.js" }');
  program.write('node_modules/loads/index.js', COUNTER);
  const head = `import { readFileSync } from 'node:fs';\nimport { load } from 'loads';\n`;
  const file = program.write('main.ts', `${head}export default async function main() {\n${body}\n}\n`);
  const session = { file, sessionId: ID, data: null, storeFolder: path.join(program.folder, '.resprout') };
  await ownHere('run', session);
  assert.equal(readFileSync(program.path('node_modules/loads/loads'), 'utf8'), '1');
  return { program, session };
}

const check = async ({ session }: Pick<Staged, 'session'>): Promise<unknown> =>
  await checkSession({ ...session, env: process.env, command: 'a test' });

const DIFFERENT: readonly (readonly [what: string, body: string, why: RegExp])[] = [
  ['prints another text', `readFileSync('/dev/null'); console.log(load === 3 ? 'third' : 'other');`, /with another value or text/],
  ['comes to another result', `readFileSync('/dev/null'); return load === 3 ? 3 : 0;`, /with another value or text/],
  ['ends with another exit code', `process.exitCode = load === 3 ? 4 : 5;`, /cut before its end and resumed/],
  ['fails where it was done', `if (load === 3) throw new Error('third');`, /as failed/],
  ['is done where it failed', `if (load !== 3) throw new Error('other');`, /as done/],
];

describe('checkSession', () => {
  it('checkSession goes through a session that repeats itself, and leaves it and the store as they were', async () => {
    const staged = await ran(`console.log('text'); return String(readFileSync('/dev/null'));`);
    const store = openStore({ folder: staged.session.storeFolder });
    const before = await readSession(store, ID);
    assert.deepEqual(await check(staged), { events: 3 });
    assert.deepEqual(await readSession(store, ID), before);
    assert.equal(readFileSync(staged.program.path('node_modules/loads/loads'), 'utf8'), '3');
    staged.program.remove();
  });

  it('checkSession replays strictly: a session that is resumed would only be warned', async () => {
    const staged = await ran(`readFileSync(load === 2 ? '/dev/zero' : '/dev/null');`);
    await assert.rejects(check(staged), /call #0 differs from the recorded run: other arguments/);
    staged.program.remove();
  });

  for (const [what, body, why] of DIFFERENT)
    it(`checkSession sees that a run ${what} when it was cut before its end and resumed`, async () => {
      const staged = await ran(body);
      await assert.rejects(check(staged), why);
      staged.program.remove();
    });

  it('checkSession refuses a session that has not ended', async () => {
    const program = stageProgram();
    const file = program.write(
      'main.ts',
      `import { readFileSync } from 'node:fs';\nexport default () => String(readFileSync('/dev/null'));\n`,
    );
    const session = { file, sessionId: ID, data: null, storeFolder: path.join(program.folder, '.resprout') };
    await ownHere('run', session, { event: 1, answered: false });
    await assert.rejects(check({ session }), /has not ended/);
    program.remove();
  });
});
