import { test } from 'node:test';
import { buildProgram } from '../replay/support/program.ts';
import { inAllStages, type Seen } from './support/stages.ts';

/** A package whose calls are recorded, and that ends the process as a command line does. */
const PACKAGE = {
  'node_modules/line/package.json': '{ "name": "line", "type": "module", "exports": "./index.js" }',
  'node_modules/line/index.js': `
export function parse(code) { try { process.exit(code); } catch {} return 'on'; }
export async function later(code) { await new Promise((resolve) => setTimeout(resolve, 1)); process.exit(code); }
export async function swallow(code) { await null; try { process.exit(code); } catch {} await new Promise(() => {}); }
`,
};

const coded = (exitCode: number, out: string): Seen => ({
  how: 'failed',
  error: `ResproutError: the program called process.exit(${String(exitCode)})`,
  exitCode,
  out,
});

const CASES: readonly (readonly [name: string, body: string, expected: Seen])[] = [
  [
    'a synchronous call of a package ends the program, whatever the package catches',
    `await pause(); parse(3); console.log('never');`,
    coded(3, 'exit 3\n'),
  ],
  ['a call that ends the program later', `await later(4); console.log('never');`, coded(4, 'exit 4\n')],
  ['a call that ends the program and goes on', `await Promise.all([swallow(5), pause(1000)]); console.log('never');`, coded(5, 'exit 5\n')],
  ['an end without an error', `await later(0); console.log('never');`, { how: 'done', value: undefined, exitCode: 0, out: 'exit 0\n' }],
];

for (const [name, body, expected] of CASES)
  test(name, async () => {
    using built = await buildProgram({
      ...PACKAGE,
      'main.ts': `import { parse, later, swallow } from 'line'; const pause = (ms = 3) => new Promise((resolve) => setTimeout(resolve, ms));
        export default async function main() { process.on('exit', (code) => console.log('exit', code)); ${body} }`,
    });
    await inAllStages(built, expected);
  });
