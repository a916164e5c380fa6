// docs/testing.md: the files of each of its sections are written into a project, and its commands are run as they stand there.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, describe, it } from 'node:test';
import { REPOSITORY, stageProgram, type StagedProgram } from '../support/programs.ts';
import { linkTester, missingTesters, TESTERS } from '../support/testers.ts';
import { runCommand } from './support/run-program.ts';

interface Block {
  readonly language: string;
  /** File that the block is, when it is one. */
  readonly file: string | undefined;
  readonly text: string;
}

const DOCUMENT = readFileSync(`${REPOSITORY}/docs/testing.md`, 'utf8');
const SECTIONS = new Map(
  DOCUMENT.split(/^## /m)
    .slice(1)
    .map((part) => [part.split('\n', 1)[0] ?? '', blocksOf(part)]),
);
const staged: StagedProgram[] = [];
after(() => staged.forEach((program) => program.remove()));

function blocksOf(part: string): Block[] {
  return [...part.matchAll(/^```(\w+) ?(\S*)\n([^]*?)^```$/gm)].map(([, language = '', title = '', text = '']) => ({
    language,
    file: title === '' ? /^\/\/ (\S+\.\w+)\n/.exec(text)?.[1] : title,
    text,
  }));
}

/** A project with these files, in which vitest and jest are installed. */
function project(files: Readonly<Record<string, string>>): StagedProgram {
  const program = stageProgram();
  staged.push(program);
  for (const name of ['vitest', 'jest']) linkTester(name, program.folder);
  for (const [file, text] of Object.entries(files)) program.write(file, text);
  return program;
}

/** Runs a line of shell in which `npx` finds the runners. */
async function shell(line: string, program: StagedProgram): Promise<{ readonly code: number | null; readonly said: string }> {
  const env = { PATH: `${TESTERS}/.bin:${process.execPath.replace(/\/node$/, '')}:${process.env['PATH'] ?? ''}`, NO_COLOR: '1' };
  const run = await runCommand('sh', ['-c', `npx() { "$@"; }\n${line}`], program.folder, env);
  return { code: run.code, said: `${run.stdout}${run.stderr}` };
}

describe('docs/testing.md', { skip: missingTesters() }, () => {
  for (const [section, blocks] of SECTIONS) {
    const lines = blocks.filter(({ language }) => language === 'sh').flatMap(({ text }) => text.trimEnd().split('\n'));
    if (lines.length === 0) continue;
    it(`"${section}": its tests pass`, async () => {
      const program = project(Object.fromEntries(blocks.flatMap(({ file, text }) => (file === undefined ? [] : [[file, text]]))));
      for (const line of lines) {
        const { code, said } = await shell(line, program);
        assert.equal(code, 0, `${line}\n${said}`);
        assert.match(said, /\b[12] (?:passed|total)|pass 1/);
      }
    });
  }

  it('has a section for each runner', () => {
    assert.deepEqual([...SECTIONS.keys()], ['Four rules', 'vitest', 'jest', 'node:test', 'A durable program']);
  });

  const test = (calls: string): string =>
    `import { expect, test } from 'vitest';\nimport { connect, local } from 'resprout';\nimport * as ops from './ops.ts';\n` +
    `function here(): string { return 'here'; }\ntest('calls', async () => {\n  await using context = await local();\n${calls}\n});\n`;
  const OPS = `export default (n: number): number => n + 1;\nconst inner = (n: number): number => n * 2;\nexport { inner as outer };\n
export const group = { twice(n: number) { return n * 2; }, half: (n: number) => n / 2 };\nexport class Box { static open(n: number) { return 'box ' + n; } }\n
export async function* count(n: number) { for (let i = 0; i < n; i++) yield i; }\nexport const made = [1].map((one) => () => one)[0];\n`;
  const CALLS = `  expect(await context.call(ops.default, 1)).toBe(2);
  expect(await context.call(ops.outer, 2)).toBe(4);
  expect(await context.call(ops.group.twice, 2)).toBe(4);
  expect(await context.call(ops.group.half, 2)).toBe(1);
  expect(await context.call(ops.Box.open, 2)).toBe('box 2');
  expect(await Array.fromAsync(await context.call(ops.count, 2))).toEqual([0, 1]);
  await expect(context.call(ops.made as never)).rejects.toMatchObject({ code: 'REMOTE_FUNCTION_NOT_TOP_LEVEL' });
  await expect(context.call(here)).rejects.toMatchObject({ code: 'REMOTE_MAIN_UNGUARDED' });`;
  for (const pool of ['forks', 'threads', 'vmThreads', 'vmForks'])
    it(`vitest, pool ${pool}: functions of every form are found by name, those of the test file are refused`, async () => {
      const { code, said } = await shell(
        `npx vitest run --testTimeout 60000 --pool ${pool}`,
        project({ 'ops.ts': OPS, 'ops.test.ts': test(CALLS) }),
      );
      assert.equal(code, 0, said);
    });

  it('vitest: a file that was written after the worker had started is refused as what it is', async () => {
    const calls = `  const { writeFileSync } = await import('node:fs');
  writeFileSync(new URL('./ops.ts', import.meta.url), 'export const outer = () => "other";');
  await expect(context.call(ops.outer, 2)).rejects.toMatchObject({ code: 'REMOTE_SOURCE_CHANGED', message: expect.stringContaining('was edited') });`;
    const { code, said } = await shell('npx vitest run --testTimeout 60000', project({ 'ops.ts': OPS, 'ops.test.ts': test(calls) }));
    assert.equal(code, 0, said);
  });

  it('jest: values of both realms cross, errors keep their class', async () => {
    const files = {
      'package.json': '{ "name": "shop", "type": "module", "jest": { "testEnvironment": "node", "transform": {}, "testTimeout": 60000 } }',
      'ops.js': `export const echo = (value) => value;\nexport class OddError extends Error {}\nexport function odd() { throw new OddError('odd'); }\n`,
      'ops.test.js': `import { readFileSync } from 'node:fs';\nimport os from 'node:os';\nimport { local } from 'resprout';\nimport { echo, odd, OddError } from './ops.js';
test('values', async () => {
  const context = await local();
  const value = { list: [1, new Map([[1, new Set([2n])]])], at: new Date(3), bytes: Buffer.from('x'), error: new TypeError('t') };
  expect(await context.call(echo, value)).toEqual(value);
  expect(await context.call(echo, os.constants.priority)).toEqual(os.constants.priority);
  let absent;
  try { readFileSync('/none'); } catch (error) { absent = error; }
  expect(await context.call(echo, absent)).toMatchObject({ code: 'ENOENT' });
  await expect(context.call(odd)).rejects.toBeInstanceOf(OddError);
  await expect(context.call(echo, () => 1)).rejects.toMatchObject({ code: 'REMOTE_VALUE_UNSENDABLE' });
  await context.close();
});\n`,
    };
    const { code, said } = await shell('NODE_OPTIONS=--experimental-vm-modules npx jest', project(files));
    assert.equal(code, 0, said);
  });
});
