import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ERROR_CODES } from '../../src/base/errors/error-codes.ts';
import { HANDLE } from '../../src/wire/frames/handles.ts';
import { LIMITS } from '../../src/wire/limits.ts';
import { root, sourceFiles } from '../../tools/source-imports.ts';
import { codeOf } from './support/comments.ts';

/** How often the product's code, comments and the table itself left out, has each text. */
function uses(table: string, texts: readonly string[]): Map<string, number> {
  const code = sourceFiles()
    .filter((file) => file !== table)
    .map((file) => codeOf(readFileSync(path.join(root, file), 'utf8')))
    .join('\n');
  return new Map(texts.map((text) => [text, code.split(new RegExp(`${text.replaceAll('.', '\\.')}\\b`)).length - 1]));
}

/** The entries of a table that the product uses less than `least` times. */
function unused(table: string, texts: readonly string[], least: number): string[] {
  assert.ok(sourceFiles().includes(table) && texts.length > 10, `${table} was not read`);
  return [...uses(table, texts)].filter(([, count]) => count < least).map(([text]) => text);
}

test('limit-values.ts: each limit is used outside of the table', () => {
  const texts = Object.keys(LIMITS).map((name) => `LIMITS.${name}`);
  assert.deepEqual(unused('src/wire/limit-values.ts', texts, 1), []);
});

// One who sends and one who reads.
test('handle-numbers.ts: each handle is used at both ends', () => {
  const texts = Object.keys(HANDLE).map((name) => `HANDLE.${name}`);
  assert.deepEqual(unused('src/wire/frames/handle-numbers.ts', texts, 2), []);
});

test('error-codes.ts: each code is given to an error outside of the table', () => {
  const texts = Object.keys(ERROR_CODES).map((code) => `'${code}`);
  for (const file of ['program-codes', 'reach-codes']) assert.deepEqual(unused(`src/base/errors/${file}.ts`, texts, 1), []);
});

test('the count of uses takes no comment for one, and sees an entry that nothing uses', () => {
  const found = uses('', ["'NO_SUCH_CODE_EVER", 'HANDLE.CALL', 'HANDLE.CAL']);
  assert.deepEqual([found.get("'NO_SUCH_CODE_EVER"), found.get('HANDLE.CAL')], [0, 0]);
  assert.ok((found.get('HANDLE.CALL') ?? 0) > 1);
  assert.equal(codeOf("a('//x'); // HANDLE.CALL\n/* LIMITS.x */ b(`/*`)").replace(/\s+/g, ' '), "a('//x'); b(`/*`)");
});
