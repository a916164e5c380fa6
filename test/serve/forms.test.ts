import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { missingNodes } from '../support/nodes.ts';
import { stageProgram, type StagedProgram } from '../support/programs.ts';
import { REFUSED } from './support/refused-forms.ts';
import { NODES, PRELOAD, runProgram } from './support/run-program.ts';

/** What each case gives: its label, or the refusal with `F` for the program's folder. */
const EXPECTED: Readonly<Record<string, string>> = {
  exported: 'lib/shapes.ts#exported',
  'default named': 'lib/shapes.ts#named',
  'default arrow': 'lib/anon-arrow.ts#default',
  'default async': 'lib/anon-async.ts#default',
  'default function': 'lib/anon-function.ts#default',
  'default class static': 'lib/anon-class.ts#default.s',
  'default object member': 'lib/anon-object.ts#default.run',
  'not exported': 'lib/shapes.ts#hidden',
  'export as': 'lib/shapes.ts#renamedLocal',
  'const arrow': 'lib/shapes.ts#arrow',
  'async arrow': 'lib/shapes.ts#asyncArrow',
  let: 'lib/shapes.ts#letFn',
  static: 'lib/shapes.ts#K.sm',
  'static async': 'lib/shapes.ts#K.asm',
  'static field': 'lib/shapes.ts#K.sf',
  'class expression static': 'lib/shapes.ts#KE.se',
  'object method': 'lib/shapes.ts#ops.meth',
  'object arrow': 'lib/shapes.ts#ops.arrow',
  barrel: 'lib/shapes.ts#exported',
  'barrel default': 'lib/shapes.ts#named',
  'export *': 'lib/star.ts#starred',
  'export * as': 'lib/star.ts#other',
  cycle: 'lib/shapes.ts#viaCycle',
  packages: 'lib/shapes.ts#usesPackages',
  'top-level await': 'lib/tla.ts#afterTla',
  overload: 'lib/shapes.ts#over',
  satisfies: 'lib/shapes.ts#sat',
  as: 'lib/shapes.ts#asFn',
  'defaults with functions': 'lib/shapes.ts#defaults',
  emoji: 'lib/shapes.ts#first',
  'after an emoji': 'lib/shapes.ts#second',
  'third of a line': 'lib/shapes.ts#third',
  curried: 'lib/shapes.ts#curried',
  marker: 'cases.ts#marked',
  entry: 'cases.ts#inEntry',
  mts: 'lib/typed.mts#fromMts',
  js: 'lib/plain.js#fromJs',
  mjs: 'lib/plain.mjs#fromMjs',
  cts: 'lib/typed.cts#cjsFn',
  'cts member': 'lib/typed.cts#module.exports.other',
  cjs: 'lib/plain.cjs#fromCjs',
  'cjs arrow': 'lib/plain.cjs#module.exports.arrow',
  fnRef: 'cases.ts#inEntry',
  'fnRef static': 'lib/shapes.ts#K.sm',
  'fnRef memo': 'lib/shapes.ts#memo',
  'os.hostname': 'node:os.hostname',
  'fs.promises.readFile': 'node:fs.promises.readFile',
  readFile: 'node:fs.promises.readFile',
  'crypto.randomUUID': 'node:crypto.randomUUID',
  'package default member': 'wraps.sum',
  'package export': 'tabled.lookup',
  'package deep': 'tabled.deep.far',
  'package namespace': 'parts.p.number',
  'package re-export': 'parts.string',
};

interface Seen {
  readonly label?: string;
  readonly address?: { readonly kind: string; readonly build?: string; readonly n?: number };
  readonly code?: string;
  readonly message?: string;
}

function parseLines(stdout: string): ReadonlyMap<string, Seen> {
  const lines = stdout.split('\n').filter((line) => line !== '');
  return new Map(lines.map((line) => JSON.parse(line) as [string, Seen]));
}

describe('identify in a plain program', () => {
  let program: StagedProgram;
  before(() => (program = stageProgram('forms')));
  after(() => program.remove());

  for (const node of NODES) {
    const skip = node === 'this' ? false : missingNodes(node);
    it(`identify gives every form its address or its refusal, word for word (Node ${node})`, { skip }, async () => {
      const run = await runProgram(['--import', PRELOAD, 'addresses.ts'], program.folder, { node });
      assert.equal(run.code, 0, run.stderr);
      const seen = parseLines(run.stdout);
      const plain = (text: string | undefined): string =>
        (text ?? '').replaceAll(program.folder, 'F').replace(/(F\/addresses\.ts):\d+:\d+/, '$1:S');
      const labels = Object.fromEntries([...seen].filter(([, one]) => one.label !== undefined).map(([name, one]) => [name, one.label]));
      const refusals = Object.fromEntries(
        [...seen].filter(([, one]) => one.label === undefined).map(([name, one]) => [name, plain(one.message)]),
      );
      assert.deepEqual(labels, EXPECTED);
      assert.deepEqual(refusals, REFUSED);
      assert.equal(new Set([...seen.values()].flatMap(({ address }) => address?.build ?? [])).size, 1);
    });
  }

  it('identify gives the place of the call in the program, not in this package', async () => {
    const run = await runProgram(['--import', PRELOAD, 'addresses.ts'], program.folder);
    const seen = parseLines(run.stdout);
    assert.match(seen.get('own !')?.message ?? '', /addresses\.ts:14:56 is "sleep"/);
    assert.match(seen.get('memoized !')?.message ?? '', /addresses\.ts:16:40, is _\.memoize/);
  });
});
