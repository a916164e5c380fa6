// builds and calls 7: two builds of one file; kill, edit, resume. 12: files that the graph does not show, gone at the resume. 20: unused imports.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { after, describe, it } from 'node:test';
import { replaySession } from '../../src/worker.ts';
import { runProgram } from '../serve/support/run-program.ts';
import { REPOSITORY, stageProgram, type StagedProgram } from '../support/programs.ts';
import { ownHere, type Session } from './support/owned-here.ts';
import { SESSION } from './support/seventy-five.ts';

const staged: StagedProgram[] = [];
after(() => staged.forEach((program) => program.remove()));

function stage(files: Readonly<Record<string, string>>): { readonly program: StagedProgram; readonly session: Session } {
  const program = stageProgram();
  staged.push(program);
  for (const [name, text] of Object.entries(files)) program.write(name, text);
  return { program, session: { file: program.path('main.ts'), sessionId: SESSION, data: {}, storeFolder: program.path('.resprout') } };
}

/** A program whose own text and whose far text say a version, with the lines of both. */
const versioned = (version: string, blank: string): Readonly<Record<string, string>> => ({
  'ops.ts': `${blank}export function version(): string { return '${version}'; }\n${blank}export function fail(): never { throw new Error('${version}'); }\n`,
  'main.ts':
    `import { readFileSync } from 'node:fs';\nimport { local } from 'resprout';\nimport { fail, version } from './ops.ts';\n${blank}` +
    `const near = (): string => '${version}';\nconst line = (error: Error): string => /ops\\.ts:(\\d+)/.exec(error.stack ?? '')?.[1] ?? '';\n` +
    `export async function main() {\n  const context = await local();\n  const seen: string[] = [];\n  for (let i = 0; i < 3; i++) {\n` +
    `    seen.push([near(), await context.call(version), await context.call(fail).catch((error) => error.message + ' ' + line(error))].join());\n    readFileSync('/dev/null');\n  }\n  return seen;\n}\n`,
});

describe('code that changes under a session', { concurrency: 2 }, () => {
  for (const event of [1, 4, 9, 13]) {
    it(`code that changes after a kill at event ${event} is not what the session goes on with, here and on the far side`, async () => {
      const { program, session } = stage(versioned('one', ''));
      assert.equal((await ownHere('run', session, { event, answered: true })).state, 'lost');
      for (const [name, text] of Object.entries(versioned('two', '\n\n\n'))) program.write(name, text);
      const { state, value } = await ownHere('resume', session);
      assert.deepEqual([state, value], ['done', Array(3).fill('one,one,one 2')]);
    });
  }

  it('code that changes is what a resume with a build file goes on with: both builds serve one session', async () => {
    const { program, session } = stage(versioned('one', ''));
    // After the first round and the call of the second one.
    assert.equal((await ownHere('run', session, { event: 9, answered: false })).state, 'lost');
    for (const [name, text] of Object.entries(versioned('two', '\n'))) program.write(name, text);
    const { state, value, problem } = await ownHere('resume', session, undefined, { buildFile: session.file });
    assert.equal(state, 'done', String(problem));
    const rounds = value as string[];
    assert.equal(rounds[0], 'two,one,one 2', 'what was recorded stays');
    assert.equal(rounds[2], 'two,two,two 4', 'what is new is of the new build');
  });
});

const COMPUTED = {
  'late/near.ts': `export const text = (n: number): string => 'near ' + n;\n`,
  'late/far.ts': `export const text = (): string => 'far';\n`,
  'ops.ts': `export async function later(name: string): Promise<string> { return (await import('./late/' + name + '.ts')).text(); }\n`,
  'main.ts':
    `import { readFileSync } from 'node:fs';\nimport { local } from 'resprout';\nimport { later } from './ops.ts';\nexport async function main() {\n` +
    `  const context = await local({ serve: ['late/*.ts'] });\n  const { text } = await import('./late/' + ['ne', 'ar.ts'].join(''));\n  readFileSync('/dev/null');\n` +
    `  const far = await context.call(later, 'far');\n  return [text(1), far, await context.call(later, 'far'), (await import('./late/' + 'near.ts')).text(2)];\n}\n`,
};

describe('a file that only a computed import names', { concurrency: 2 }, () => {
  // Event 4 ends the near import, event 7 is the first result of the far one.
  for (const [event, gone] of [
    [4, 'near'],
    [5, 'near'],
    [6, 'near'],
    [7, 'both'],
    [8, 'both'],
    [10, 'both'],
    [11, 'both'],
  ] as const) {
    it(`a file that only a computed import names is in the build from then on: killed at event ${event}, ${gone} gone`, async () => {
      const { program, session } = stage(COMPUTED);
      assert.equal((await ownHere('run', session, { event, answered: true })).state, 'lost');
      rmSync(program.path(gone === 'near' ? 'late/near.ts' : 'late'), { recursive: true });
      const { state, value, failure } = await ownHere('resume', session);
      assert.deepEqual([state, value], ['done', ['near 1', 'far', 'far', 'near 2']], String(failure?.stack));
      const replayed = await replaySession({ ...session, env: {}, command: 'a test' });
      assert.equal(replayed.state, 'done');
    });
  }
});

const UNUSED = {
  'effect.ts': `console.log('loaded for its effect');\nexport const unused = 1;\n`,
  'types.ts': `export interface Shape { readonly a: number }\nexport const real = 1;\n`,
  'main.ts': `import { unused } from './effect.ts';\nexport const main = () => 'done';\n`,
  'marked.ts': `import { real, type Shape } from './types.ts';\nexport const main = (): Shape => ({ a: real });\n`,
  'unmarked.ts': `import { real, Shape } from './types.ts';\nexport const main = (): Shape => ({ a: real });\n`,
};
const tsconfig = (options: string) => ({ 'tsconfig.json': `{ "compilerOptions": ${options} }` });

describe('an import that nothing uses', { concurrency: 2 }, () => {
  const run = async (files: Readonly<Record<string, string>>, file: string) => {
    const { program } = stage(files);
    return await runProgram([`${REPOSITORY}/src/cli/main.ts`, 'run', file], program.folder);
  };
  for (const [what, more, loaded] of [
    ['without tsconfig.json, as under Node', {}, true],
    ['with verbatimModuleSyntax', tsconfig('{ "verbatimModuleSyntax": true }'), true],
    ['with a tsconfig.json of TypeScript', tsconfig('{ "strict": true }'), false],
  ] as const) {
    it(`an import that nothing uses ${loaded ? 'loads its file' : 'is left out'}: ${what}`, async () => {
      const plain = await run({ ...UNUSED, ...more }, 'main.ts');
      assert.deepEqual([plain.code, plain.stdout.includes('loaded for its effect')], [0, loaded], plain.stderr);
      const marked = await run({ ...UNUSED, ...more }, 'marked.ts');
      assert.equal(marked.code, 0, marked.stderr);
      const unmarked = await run({ ...UNUSED, ...more }, 'unmarked.ts');
      if (loaded) assert.match(unmarked.stderr, /unmarked\.ts:1:16.*"Shape"; if it is a type, write import type \{ Shape \}/);
      assert.equal(unmarked.code === 0, !loaded, unmarked.stderr);
    });
  }
});
