import { test } from 'node:test';
import assert from 'node:assert/strict';
import { Secret } from '../../base/secret.ts';
import { cut, shellWord, shownCommand, splitWords } from './words.ts';

const split = (strings: TemplateStringsArray, ...values: readonly unknown[]): string[] =>
  splitWords(strings, values).map(({ text }) => text);
const shown = (strings: TemplateStringsArray, ...values: readonly unknown[]): string => shownCommand(splitWords(strings, values));

test('splitWords() parts words at spaces of the source only', () => {
  assert.deepEqual(
    split`  a  b\tc
    d `,
    ['a', 'b\tc', 'd'],
  );
  assert.deepEqual(split`a\ b c\nd`, ['a b', 'c\nd']);
  assert.deepEqual(
    split`a\
b`,
    ['ab'],
  );
  assert.deepEqual(split`\x41\u0042\u{1f600} \\ \$ \``, ['AB😀', '\\', '$', '`']);
  assert.deepEqual(split`'a b' "c"`, ["'a", "b'", '"c"'], 'quotes are nothing special');
});

test('splitWords() keeps a value whole, joins what touches, and spreads arrays', () => {
  assert.deepEqual(split`a ${'b c'} d`, ['a', 'b c', 'd']);
  assert.deepEqual(split`a${'b c'}d${1}${2n}`, ['ab cd12']);
  assert.deepEqual(split`x ${''} y`, ['x', '', 'y']);
  assert.deepEqual(split`x ${[]} y`, ['x', 'y']);
  assert.deepEqual(split`x${[]}y`, ['xy']);
  assert.deepEqual(split`x ${[]}y`, ['x', 'y']);
  assert.deepEqual(split`a${['b', 'c d', 'e']}f`, ['ab', 'c d', 'ef']);
  assert.deepEqual(split`${['a', 'b']}${['c', 'd']}`, ['a', 'bc', 'd']);
  assert.deepEqual(split`echo ${{ stdout: 'of a result' }}`, ['echo', 'of a result']);
});

test('splitWords() knows the secrets of a word', () => {
  const secretsOf = (strings: TemplateStringsArray, ...values: readonly unknown[]): unknown =>
    splitWords(strings, values).map(({ secrets }) => secrets);
  assert.deepEqual(secretsOf`run --pw=${new Secret('one')}${new Secret('two')} x`, [[], ['one', 'two'], []]);
});

test('shownCommand() quotes what a shell would need quotes for, and shows no Secret', () => {
  assert.equal(shown`ls -la /srv/x.txt ${'a b'} ${"it's"} ${''}`, `ls -la /srv/x.txt 'a b' 'it'\\''s' ''`);
  assert.equal(shown`run --pw=${new Secret('hidden')} ${new Secret('more')}`, 'run --pw=[Secret] [Secret]');
  assert.equal(cut('x'.repeat(500)).length, 201);
});

test('shellWord() leaves the text to the shell and quotes values', () => {
  const word = (strings: TemplateStringsArray, ...values: readonly unknown[]): string => shellWord(strings, values).text;
  assert.equal(word`a | b ${"it's"} ${['x', 'y z']} $HOME`, `a | b 'it'\\''s' 'x' 'y z' $HOME`);
  const hide = (strings: TemplateStringsArray, ...values: readonly unknown[]): string => shellWord(strings, values).shown;
  assert.equal(hide`echo ${new Secret('hidden')} ${'a b'}`, "echo [Secret] 'a b'");
});
