import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import type { Clock } from '../../base/seams/clock.ts';
import { ByteScrubber } from './byte-scrubber.ts';
import { secretsOfEnv } from './env-secrets.ts';
import { KnownSecrets, MOST_SECRETS } from './known-secrets.ts';
import { scrubValue } from './scrub-value.ts';
import { readPrint } from '../../base/secret-print.ts';
import { finderOf, printsOf } from './secret-prints.ts';

const KEY = 'sk-live/8f"2+c9\\d\'41 ä&';
const PEM = `-----BEGIN PRIVATE KEY-----\n${'MIIEvQIBADANBgkqhkiG9w0B\nAQEFAASCBKcwggSjAgEAAoIB\n'}-----END PRIVATE KEY-----\n`;

function knowing(...texts: readonly (readonly [text: string, name?: string])[]): KnownSecrets {
  const secrets = new KnownSecrets();
  for (const [text, name] of texts) secrets.add(text, name);
  return secrets;
}

/** A clock whose timers the test fires. */
function handClock(): { readonly clock: Clock; readonly fire: () => void } {
  const due = new Set<() => void>();
  const after = (_ms: number, run: () => void): { clear(): void } => {
    due.add(run);
    return { clear: () => void due.delete(run) };
  };
  const clock: Clock = { wallMs: () => 0, monotonicMs: () => 0, after, sleep: () => Promise.reject(new Error('nobody sleeps here')) };
  return {
    clock,
    fire: () => {
      for (const run of due) run();
    },
  };
}

/** What a stream shows of pieces. */
function shownOf(secrets: KnownSecrets, pieces: readonly (string | Uint8Array)[]): string {
  const shown: Uint8Array[] = [];
  const scrubber = new ByteScrubber(secrets, handClock().clock, (bytes) => void shown.push(bytes));
  for (const piece of pieces) scrubber.push(Buffer.from(piece as string));
  scrubber.flush();
  return Buffer.concat(shown).toString();
}

const FORMS: Readonly<Record<string, string>> = {
  'as it is': `a ${KEY} b`,
  'in JSON': JSON.stringify({ key: `a${KEY}` }),
  'in JSON inside of JSON': JSON.stringify(JSON.stringify({ key: KEY })),
  'as console.log shows it': inspect({ key: KEY }),
  'in an address': new URL(`https://host/?key=${encodeURIComponent(KEY)}`).href,
  'in a form': new URLSearchParams({ key: KEY }).toString(),
  'with small digits': encodeURIComponent(KEY).toLowerCase(),
  'in base64': Buffer.from(KEY).toString('base64'),
  'behind a user in base64': Buffer.from(`user:${KEY}`).toString('base64'),
  'behind a longer user in base64url': Buffer.from(`someone:${KEY}:more`).toString('base64url'),
  'in a shell': `'${KEY.replaceAll("'", `'\\''`)}'`,
};

/** Parts of it that must not be there, however it was written. */
function assertHidden(shown: string, what: string): void {
  for (const form of [KEY, encodeURIComponent(KEY).slice(0, 16), Buffer.from(KEY).toString('base64').slice(4, 16), 'live/8f'])
    assert.ok(!shown.toLowerCase().includes(form.toLowerCase()), `${what}: ${shown}`);
  assert.match(shown, /\[secret API_KEY\]/, what);
}

for (const [what, text] of Object.entries(FORMS))
  test(`a known text ${what} is shown as its name, in a text and in pieces of bytes cut anywhere`, () => {
    const secrets = knowing([KEY, 'API_KEY']);
    assertHidden(secrets.scrub(text), what);
    const bytes = Buffer.from(text);
    for (let cut = 0; cut <= bytes.length; cut++)
      assertHidden(shownOf(secrets, [bytes.subarray(0, cut), bytes.subarray(cut)]), `cut at ${cut}`);
  });

test('a text that is printed byte by byte shows three characters at most', () => {
  const shown = shownOf(knowing(['hunter2-hunter2']), 'pass: hunter2-hunter2!\n'.split(''));
  assert.equal(shown, 'pass: hun[secret]!\n');
});

test('text that only begins as a known one arrives whole, and bytes that are no text stay what they are', () => {
  const secrets = knowing(['hunter2-hunter2']);
  assert.equal(shownOf(secrets, ['hunt', 'ing\n', 'hunter2-', 'no\n']), 'hunting\nhunter2-no\n');
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  const shown: Uint8Array[] = [];
  const scrubber = new ByteScrubber(secrets, handClock().clock, (piece) => void shown.push(piece));
  scrubber.push(bytes);
  assert.equal(shown[0], bytes, 'the same piece, not a copy');
});

test('what waits is shown after a second: a short beginning as it is, more than half of a known text as its mark', () => {
  const { clock, fire } = handClock();
  const shown: string[] = [];
  const scrubber = new ByteScrubber(knowing(['hunter2-hunter2']), clock, (piece) => void shown.push(Buffer.from(piece).toString()));
  scrubber.push(Buffer.from('a hunt'));
  assert.deepEqual(shown, ['a ']);
  fire();
  assert.deepEqual(shown, ['a ', 'hunt']);
  scrubber.push(Buffer.from('er2-hunter2 b'));
  assert.deepEqual(shown.slice(2), ['[secret] b'], 'the rest of it is taken out all the same');
  scrubber.push(Buffer.from('hunter2-hun'));
  fire();
  assert.deepEqual(shown.slice(3), ['[secret]']);
});

test('a known text that begins another one is not taken for it while the rest is under way', () => {
  const secrets = knowing(['password', 'A'], ['password-123456', 'B']);
  assert.equal(shownOf(secrets, ['the password', '-123456\n']), 'the [secret B]\n');
  assert.equal(shownOf(secrets, ['the password', ' is\n']), 'the [secret A] is\n');
  assert.equal(shownOf(secrets, ['the password']), 'the [secret A]');
});

test('each line of a key of several lines is known alone', () => {
  const shown = knowing([PEM, 'PEM']).scrub(`  AQEFAASCBKcwggSjAgEAAoIB  and ${JSON.stringify(PEM)}`);
  assert.equal(shown, '  [secret PEM]  and "[secret PEM]"');
});

test('a text of fewer than six characters is not looked for, and whoever adds it is told', () => {
  const secrets = new KnownSecrets();
  assert.equal(secrets.add('12345', 'PIN'), false);
  assert.equal(secrets.add('123456', 'PIN'), true);
  assert.equal(secrets.scrub('12345 123456'), '12345 [secret PIN]');
});

test('JSON stays JSON, also where a known text begins or ends amid an escape', () => {
  for (const text of ['nabcdef', 'abcdef\\', '"abcdef', 'abcdef"', 'u0041bc', 'tabcde\\"']) {
    const secrets = knowing([text]);
    for (const value of [`\nabcdef`, `x\\${text}`, `${text}"`, `\\${text}\\`, `\u0001${text}\n`, text])
      assert.doesNotThrow(() => JSON.parse(secrets.scrub(JSON.stringify({ value }))), `${text} in ${JSON.stringify(value)}`);
  }
});

test('a name that could break a line is not shown', () => {
  assert.equal(knowing(['hunter2', 'A"]\n']).scrub('hunter2'), '[secret]');
  assert.equal(knowing(['hunter2'], ['hunter2', 'NAME']).scrub('hunter2'), '[secret NAME]', 'a name that comes later is taken');
});

test('of more than five hundred texts the oldest are forgotten', () => {
  const secrets = new KnownSecrets();
  for (let i = 0; i <= MOST_SECRETS; i++) secrets.add(`secret-number-${i}-`);
  assert.equal(secrets.scrub('secret-number-0-'), 'secret-number-0-');
  assert.equal(secrets.scrub(`secret-number-${MOST_SECRETS}-`), '[secret]');
});

test('a value is shown without what is known, anywhere in it, and what holds nothing of it stays the same object', () => {
  const secrets = knowing(['hunter2-hunter2', 'PASSWORD']);
  const clean = { list: [1, 'two'], map: new Map([['a', new Date(0)]]) };
  assert.equal(scrubValue(clean, secrets), clean);
  const error = Object.assign(new Error('no hunter2-hunter2 here', { cause: 'hunter2-hunter2' }), {
    options: { token: 'hunter2-hunter2' },
  });
  const cycle: Record<string, unknown> = { 'hunter2-hunter2': 1 };
  cycle['self'] = cycle;
  const value = [
    error,
    cycle,
    new Set(['hunter2-hunter2']),
    new Map([['k', Buffer.from('a hunter2-hunter2')]]),
    new URL('https://u:hunter2-hunter2@host/'),
  ];
  const shown = scrubValue(value, secrets);
  assert.equal(shown, value, 'changed in place');
  assert.doesNotMatch(inspect(shown, { depth: 9, showHidden: true }), /hunter2/);
  assert.doesNotMatch(String(error.stack), /hunter2/);
  assert.equal(String((value[3] as Map<string, Buffer>).get('k')), 'a [secret PASSWORD]');
});

test('prints find every form of a text that is not known itself, and hold nothing of it', () => {
  const key = new Uint8Array(32).fill(7);
  const prints = printsOf(key, KEY, 'API_KEY');
  assert.doesNotMatch(JSON.stringify(prints), /live|8f/);
  const secrets = new KnownSecrets();
  secrets.addFinder(
    finderOf(
      key,
      prints.map((print) => readPrint(JSON.parse(JSON.stringify(print)))).filter((print) => print !== undefined),
    ),
  );
  for (const [what, text] of Object.entries(FORMS)) assertHidden(secrets.scrub(`${'x'.repeat(2000)}${text} ${text}`), what);
  assert.equal(secrets.scrub('nothing of it'), 'nothing of it');
  const other = new KnownSecrets();
  other.addFinder(finderOf(new Uint8Array(32), prints));
  assert.equal(other.scrub(KEY), KEY, 'another key finds nothing');
  for (const bad of [null, 1, {}, { length: -1, sum: 1, hash: '' }, { length: 9, sum: 1, hash: 2 }, { length: 9, sum: 0.5, hash: '' }])
    assert.equal(readPrint(bad), undefined);
});

test('names of the environment are named whole or by a star', () => {
  const env = { API_KEY: 'one', GH_TOKEN: 'two', TOKEN: 'three', EMPTY_TOKEN: '', NONE: undefined, MY_API_KEY: 'four' };
  assert.deepEqual(secretsOfEnv(env, ['API_KEY', '*_TOKEN']), [
    { name: 'API_KEY', text: 'one' },
    { name: 'GH_TOKEN', text: 'two' },
  ]);
  assert.deepEqual(secretsOfEnv(env, []), []);
});
