// The one gate: format, build, types of everything else, lint, tests, budgets, unused code, then every other tools/check-*.ts. The first failure ends it with 1.
// `./prime test` runs it under the right Node; with FILE…: the build and these test files only; with --quick: format,
// build, types, lint and the unit tests, which are also what the whole gate begins with.
import { spawn } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import './require-node.cjs';

const root = path.resolve(import.meta.dirname, '..');

/** One part of the gate: scripts with arguments, run by this Node in this order. */
interface Part {
  readonly name: string;
  readonly run: readonly (readonly string[])[];
}

const readJson = (file: string): unknown => JSON.parse(readFileSync(path.join(root, file), 'utf8'));

const field = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Object.entries(value).find(([name]) => name === key)?.[1] : undefined;

/** The script behind a command of an installed package. */
function commandOf(name: string, command: string = name): string {
  const bin = field(readJson(`node_modules/${name}/package.json`), 'bin');
  const script = typeof bin === 'string' ? bin : field(bin, command);
  if (typeof script !== 'string') throw new Error(`the package ${name} has no command ${command}`);
  return path.join('node_modules', name, script);
}

/** The scripts of the build, from the one place where they are listed. */
function buildScripts(): string[][] {
  const run = field(field(readJson('prime.config.json'), 'built'), 'run');
  if (!Array.isArray(run)) throw new Error('prime.config.json has no built.run');
  return run.map((line: unknown) => (Array.isArray(line) ? line.map(String) : []));
}

function parts(args: readonly string[]): Part[] {
  const build: Part = { name: 'build', run: buildScripts() };
  const isQuick = args.includes('--quick');
  const files = args.filter((arg) => arg !== '--quick');
  if (files.length > 0) return [build, { name: 'tests', run: [['tools/run-tests.ts', ...files]] }];
  const budgets = 'tools/check-budgets.ts';
  const upToLint: Part[] = [
    { name: 'format', run: [[commandOf('oxfmt'), '--check']] },
    build,
    { name: 'types', run: [[commandOf('typescript', 'tsc'), '-b']] },
    // After the build: examples import the package by name, whose types are in dist.
    { name: 'lint', run: [[commandOf('oxlint'), '--type-aware']] },
  ];
  if (isQuick) return [...upToLint, { name: 'unit tests', run: [['tools/run-tests.ts', '--quick']] }];
  const others = globSync('tools/check-*.ts', { cwd: root })
    .filter((file) => file !== budgets)
    .sort();
  return [
    ...upToLint,
    { name: 'tests', run: [['tools/run-tests.ts']] },
    { name: 'budgets', run: existsSync(path.join(root, budgets)) ? [[budgets]] : [] },
    { name: 'unused', run: [[commandOf('knip')]] },
    ...others.map((file) => ({ name: path.basename(file, '.ts').replace(/^check-/, ''), run: [[file]] })),
  ];
}

/** Runs one script; resolves with its exit code, 128 and more after a signal. */
function runScript(command: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, command, { cwd: root, stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 128));
  });
}

async function main(args: readonly string[]): Promise<number> {
  const began = performance.now();
  const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;
  const passed: string[] = [];
  for (const { name, run } of parts(args)) {
    const start = performance.now();
    console.error(`\n── ${name}`);
    for (const command of run) {
      const code = await runScript(command);
      if (code === 0) continue;
      console.error(`\n✖ ${name} failed after ${seconds(start)}: node ${command.join(' ')} ended with ${code}`);
      console.error(`  passed before it: ${passed.length === 0 ? 'nothing' : passed.join(', ')}`);
      return 1;
    }
    passed.push(name);
    console.error(`✔ ${name}  ${seconds(start)}`);
  }
  console.error(`\n✔ all of ${passed.join(', ')}  ${seconds(began)}`);
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
