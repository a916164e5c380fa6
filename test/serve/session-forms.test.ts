// The forms of plain-program.test.ts in a durable session: the same results, the same words of refusal.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { REPOSITORY, stageProgram } from '../support/programs.ts';
import { RESULTS, withoutContext } from './support/form-results.ts';
import { REFUSED } from './support/refused-forms.ts';
import { runProgram } from './support/run-program.ts';

/** What a session cannot know without the text of the call, or says with the words for functions of packages. */
const OTHER_WORDS: ReadonlySet<string> = new Set([
  'wrapped !',
  'memoized !',
  'bound !',
  'bound here !',
  'memoized elsewhere !',
  'new Function !',
]);
/** Cases that only calls.ts has. */
const PLAIN_ONLY: ReadonlySet<string> = new Set(['namespace keys', 'text']);

const program = stageProgram('forms');
after(() => program.remove());

test('call in a session runs every form, and refuses the others with the words of plain programs', async () => {
  const run = await runProgram([`${REPOSITORY}/src/cli/main.ts`, 'run', 'session.ts', '--json'], program.folder);
  assert.equal(run.code, 0, run.stderr + run.stdout);
  const answer = JSON.parse(withoutContext(run.stdout)) as {
    readonly value: readonly (readonly [string, { readonly message?: string }])[];
  };
  const seen = new Map(answer.value);
  const wanted = Object.entries(RESULTS).filter(([name]) => !PLAIN_ONLY.has(name));
  const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value, (_key, part: unknown) => (part === undefined ? null : part)));
  const withCode = (value: unknown): unknown =>
    typeof value === 'object' && value !== null && 'message' in value ? { code: null, ...value } : value;
  assert.deepEqual(
    Object.fromEntries(wanted.map(([name]) => [name, withCode(plain(seen.get(name)))])),
    Object.fromEntries(wanted.map(([name, value]) => [name, withCode(value)])),
  );
  const refusals = Object.entries(REFUSED).filter(([name]) => !OTHER_WORDS.has(name));
  const words = (name: string): string => (seen.get(name)?.message ?? '').replace(/at session\.ts:\d+:\d+/, 'at S');
  const wantedWords = (text: string): string => text.replace(/at F\/addresses\.ts:S/, 'at S').replaceAll('F/', '');
  assert.deepEqual(
    Object.fromEntries(refusals.map(([name]) => [name, words(name)])),
    Object.fromEntries(refusals.map(([name, text]) => [name, wantedWords(text)])),
  );
});
