// builds and calls 10: programs that ts-node runs, as CommonJS and as ES modules. Its text of a file is not ours, the functions are.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TS_NODE, missingTsNode } from '../support/loaders.ts';
import { stageProgram, type StagedProgram } from '../support/programs.ts';
import { runProgram } from './support/run-program.ts';

const OPS = `export enum Kind { One = 1 }
export function kind(n: number): string { return Kind[n] ?? 'none'; }
export const twice = (n: number): number => n * 2;
export class Box { static open(n: number): string { return 'box ' + n; } }
`;
const BODY = `function here(n: number): string { return 'here ' + n; }
async function main(): Promise<void> {
  const context = await local();
  const calls = [context.call(kind, 1), context.call(twice, 2), context.call(Box.open, 3), context.call(here, 4)];
  console.log(JSON.stringify(await Promise.all(calls)), await context.call(pid) !== process.pid);
  await context.close();
}
function pid(): number { return process.pid; }
`;
const SEEN = '["One",4,"box 3","here 4"] true';

function stage(type: 'commonjs' | 'module', ops: string, end: string): StagedProgram {
  const program = stageProgram();
  const compilerOptions = {
    module: 'nodenext',
    target: 'es2022',
    skipLibCheck: true,
    types: [],
    allowImportingTsExtensions: true,
    noEmit: true,
  };
  program.write('package.json', JSON.stringify({ name: 'program', type }));
  program.write('tsconfig.json', JSON.stringify({ compilerOptions, 'ts-node': { transpileOnly: true } }));
  program.write('ops.ts', OPS);
  program.write('main.ts', `import { local } from 'resprout';\nimport { Box, kind, twice } from '${ops}';\n${BODY}${end}`);
  return program;
}

describe('a plain program under ts-node', { skip: missingTsNode() }, () => {
  it('a plain program of CommonJS files calls its functions, those of its own file too', async () => {
    const program = stage('commonjs', './ops', 'if (require.main === module) void main();\n');
    try {
      const run = await runProgram([TS_NODE.bin, 'main.ts'], program.folder);
      assert.equal(run.stdout.trim(), SEEN, run.stderr);
    } finally {
      program.remove();
    }
  });

  it('a plain program of ES modules calls its functions, those of its own file too', async () => {
    const program = stage('module', './ops.ts', 'if (import.meta.main) await main();\n');
    try {
      const run = await runProgram(['--no-warnings', '--loader', TS_NODE.esm, 'main.ts'], program.folder);
      assert.equal(run.stdout.trim(), SEEN, run.stderr);
    } finally {
      program.remove();
    }
  });
});
