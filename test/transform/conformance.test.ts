// The same program as plain Node runs it and as module functions in sessions, in processes of their own, so that no map of one helps the other.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { missingNodes, testNode } from '../support/nodes.ts';
import { buildProgram, fixture } from './support/program.ts';

// Twice V8's default: a hooked call takes two frames, and a runner is started with this.
const STACK = '--stack-size=1968';

function run(node: string, script: string, args: readonly string[]): string {
  const main = fileURLToPath(new URL(`./support/${script}`, import.meta.url));
  const { status, stdout, stderr } = spawnSync(node, [STACK, main, ...args], { encoding: 'utf8', maxBuffer: 1 << 26, timeout: 100_000 });
  assert.equal(status, 0, stderr);
  assert.ok(stdout.length > 40, 'the report is not empty');
  return stdout;
}

function compare(node: string, name: string): void {
  const entry = fixture(name, 'entry.ts');
  using program = buildProgram(entry);
  const plain = run(node, 'raw-main.ts', [entry]);
  assert.equal(run(node, 'session-main.ts', [program.folder, program.id, '3']), plain);
}

const on22 = { skip: missingNodes('22.18.0') };

test('transformFile: every construct of the language gives what it gives untransformed', () => compare(process.execPath, 'language'));
test('transformFile: every construct of the language gives what it gives untransformed on Node 22', on22, () =>
  compare(testNode('22.18.0'), 'language'),
);
test('instantiate: modules behave as under Node, stacks show TypeScript lines and columns', () => compare(process.execPath, 'fidelity'));
test('instantiate: modules behave as under Node 22, stacks show TypeScript lines and columns', on22, () =>
  compare(testNode('22.18.0'), 'fidelity'),
);
test('emitDisposal: what a module declares with await using goes at its end, in the order and with the errors of Node', () =>
  compare(process.execPath, 'top-level-disposal'));

test('emitWrapped: disposal and awaits at the top level run as under Node', () => compare(process.execPath, 'disposal'));
test('Compiler: syntax that the Node of the runner does not know is refused with a code', on22, () => {
  using program = buildProgram(fixture('disposal', 'entry.ts'));
  const main = fileURLToPath(new URL('./support/session-main.ts', import.meta.url));
  const { status, stderr } = spawnSync(testNode('22.18.0'), [main, program.folder, program.id], { encoding: 'utf8', timeout: 100_000 });
  assert.equal(status, 1);
  assert.match(stderr, /TRANSFORM_UNSUPPORTED/);
  assert.match(stderr, /disposal\/entry\.ts\?\w+ uses syntax that the Node of this runner does not know/);
});
