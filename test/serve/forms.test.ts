import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { missingNodes } from '../support/nodes.ts';
import { stageProgram, type StagedProgram } from '../support/programs.ts';
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

const MOVE = 'Move it to the top level of a file and pass what it needs as arguments.';
const given = 'the function given to call() at F/addresses.ts:S';
const notTop = (why: string, place: string): string => `${given} ${why} (F/${place}). ${MOVE}`;
const wrapped = (name: string, made: string): string =>
  `"${name}", given to call() at F/addresses.ts:S, is ${made} (lib/shapes.ts): what comes out of that is another function, ` +
  `and the far side can't find it by its place. Export it and give fnRef(import.meta, '${name}'), ` +
  'or give your own function and wrap it over there.';

/** Refusals, with F for the program's folder and S for line and column of the call. */
const REFUSED: Readonly<Record<string, string>> = {
  'kept by a call !': notTop('is handed to keep(); what comes out of it is another function', 'lib/shapes.ts:102:26'),
  'reassigned !': notTop('is "reassigned", which gets a new value later in the file', 'lib/shapes.ts:27:1'),
  'inner !': notTop(`is made inside "outer"; its closure can't travel`, 'lib/shapes.ts:93:10'),
  'inner of a curried one !': notTop(`is made inside "curried"; its closure can't travel`, 'lib/shapes.ts:91:14'),
  'object two levels deep !': notTop(`is made inside "ops"; its closure can't travel`, 'lib/shapes.ts:67:5'),
  'accessor !': notTop('is the getter or setter "ops.seen"', 'lib/shapes.ts:71:7'),
  'computed !': notTop('has a computed name, ["comp" + "uted"]', 'lib/shapes.ts:52:20'),
  'class !': notTop('is the class "K"; call a static method of it, or a function that makes an instance there', 'lib/shapes.ts:34:8'),
  'method !': notTop('is "K.m", a method of instances; the far side has no such instance', 'lib/shapes.ts:42:3'),
  'private !': notTop('is the private method "#p"; nothing outside its class can reach it', 'lib/shapes.ts:46:10'),
  'immediate !': notTop(`is made inside "made"; its closure can't travel`, 'lib/shapes.ts:109:3'),
  'here !': notTop(`is made inside "cases"; its closure can't travel`, 'cases.ts:97:20'),
  'Math.max !': `${given} is "max" of the language itself. Wrap it in a function of your own.`,
  'fetch !': `${given} is "fetch" of the language itself. Wrap it in a function of your own.`,
  'own !': `${given} is "sleep" of this package. Wrap it in a function of your own.`,
  'no function !': "call() at F/addresses.ts:S wants a function or fnRef(import.meta, 'name') first, and got object.",
  'null !': "call() at F/addresses.ts:S wants a function or fnRef(import.meta, 'name') first, and got null.",
  'fnRef missing !': 'F/cases.ts has no top-level function "nope"; it has inEntry, marked.',
  'wrapped !': wrapped('wrapped', 'wrap(exported)'),
  'memoized !': wrapped('memo', '_.memoize(exported)'),
  'bound !': wrapped('bound', 'exported.bind(null, 3)'),
  'bound here !': `${given} is bound ("bound exported"); a bound this and bound arguments can't travel. Give the function itself and pass them as arguments.`,
  'memoized elsewhere !':
    `${given} is "memoized" of wraps, not one of your files: something like memoize() wrapped yours, or the package does not export it. ` +
    'Give your own function, and wrap it over there.',
  'new Function !': `${given} is not in a file (eval, -e or new Function). Put it into a file.`,
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
